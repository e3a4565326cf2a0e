"""Parts of the page about octets that wait: one for each view, and what is painted."""
