"""A password that was typed into an address: taken out of it, before the address is shown, kept or sent anywhere.

Many programs accept `postgresql://anna:secret@host/`; addresses here are remembered and exported, so that the password
goes its own way from the first moment on.
"""

import re

_WITH_PASSWORD = re.compile(
    r"(?P<before>[A-Za-z][A-Za-z0-9+.-]*://[^/?#@:]*):(?P<password>(?!\d+/)[^?#]*)@(?=[^@]*\Z|[^@/?#]*[/?#])",
    re.DOTALL,
)
_BEGUN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^/?#@:\[]+):(?!\d*([/?#]|\Z)).*", re.DOTALL)
_KEY = re.compile(r"(?<=[?&])(password|sslpassword)=([^&#]*)", re.IGNORECASE)


def split_password(text: str) -> tuple[str, str]:
    """The address without its password, and the password as it stood there (escapes and all); "" for none."""
    found = _WITH_PASSWORD.match(text)
    if found is not None:
        rest = text[found.end() :]
        return f"{found['before']}@{rest}", found["password"]
    key = _KEY.search(text)
    if key is None:
        return text, ""
    without = text[: key.start()] + text[key.end() :].lstrip("&")
    return without.rstrip("?&"), key[2]


def without_password(text: str) -> str:
    """The address with nothing in it that is, or may become, a password: for what is kept while somebody types."""
    text = split_password(text)[0]
    while (again := split_password(text)[0]) != text:
        text = again
    return _BEGUN.sub(r"\1", text)
