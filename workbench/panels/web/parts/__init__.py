"""The widgets that the page of requests is made of."""
