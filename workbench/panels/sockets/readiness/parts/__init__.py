"""The parts of the page of readiness."""
