"""The parts of the page of scripts."""
