"""The widgets that the Files panel is made of."""
