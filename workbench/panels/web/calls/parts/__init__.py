"""The parts of the page of calls."""
