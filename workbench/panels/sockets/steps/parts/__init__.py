"""The parts of the page of socket calls by hand."""
