"""The page of Gopher: menus to walk through, each read and phase of a conversation, four levels of one request."""
