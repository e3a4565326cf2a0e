"""Parts of the page of Gopher."""
