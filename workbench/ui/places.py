"""Places in a text: Python counts characters, Qt counts UTF-16 units, and outside the first plane they differ."""


def characters_to_units(text: str, at: int) -> int:
    """The place `at`, in characters, as Qt counts it."""
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2


def units_to_characters(text: str, at: int) -> int:
    """The place `at`, in UTF-16 units, as Python counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * at].decode("utf-16-le", "surrogatepass"))
