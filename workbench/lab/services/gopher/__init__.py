"""The Lab's Gopher server: its tree of menus, and the service."""
