"""What may stand on a screen: characters that print, and spaces, but nothing that moves, hides or turns the others."""


def is_harmless(text: str) -> bool:
    """Whether a text of a stranger can be shown as it is."""
    return all(character.isprintable() or character.isspace() for character in text) and not set(text) & set(
        "\r\n\t\x1b\0\u2028\u2029\u202e"
    )
