"""The widgets that the Mail panel is made of."""
