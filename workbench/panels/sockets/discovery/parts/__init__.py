"""Parts of the page of discovery."""
