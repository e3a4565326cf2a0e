"""The sheets of the page of ports and addresses."""
