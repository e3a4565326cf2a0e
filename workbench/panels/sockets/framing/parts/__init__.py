"""The parts of the page of framings."""
