"""Conversations, one folder each. They don't know each other, save written exceptions."""
