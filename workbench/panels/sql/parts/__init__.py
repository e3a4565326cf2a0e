"""The widgets that the SQL panel is made of."""
