"""Names of folders: modified UTF-7, in which IMAP spells what is beyond ASCII (RFC 3501 section 5.1.3)."""

import base64
import binascii

from workbench.errors import LocalMisuse

_FORBIDDEN = {"\r": "CR", "\n": "LF", "\0": "NUL"}


def encode_name(name: str) -> bytes:
    """A name as it goes over the wire. Raises: LocalMisuse: CR, LF, NUL, or half of a surrogate pair in it."""
    for place, character in enumerate(name):
        if character in _FORBIDDEN or 0xD800 <= ord(character) < 0xE000:
            what = _FORBIDDEN.get(character, "half of a surrogate pair")
            raise LocalMisuse(
                f"the name of a folder can't hold {what}",
                text=name.encode("utf-8", "replace").decode(),
                start=place,
                end=place + 1,
                stage="folder",
                source="RFC 3501 section 5.1.3",
            )
    found = bytearray()
    held: list[str] = []
    for character in (*name, ""):
        if character and not 0x20 <= ord(character) <= 0x7E:
            held.append(character)
            continue
        if held:
            text = base64.b64encode("".join(held).encode("utf-16-be")).rstrip(b"=")
            found += b"&" + text.replace(b"/", b",") + b"-"
            held.clear()
        found += b"&-" if character == "&" else character.encode()
    return bytes(found)


def decode_name(raw: bytes) -> str:
    """A name for people; what is no modified UTF-7 is read as UTF-8, each wrong octet as \\xHH. Never raises."""
    try:
        return _decoded(raw)
    except (ValueError, binascii.Error):
        return raw.decode("utf-8", "backslashreplace")


def _decoded(raw: bytes) -> str:
    if not raw.isascii():
        raise ValueError
    parts: list[str] = []
    place = 0
    while (start := raw.find(b"&", place)) >= 0:
        parts.append(raw[place:start].decode("ascii"))
        end = raw.index(b"-", start)
        text = raw[start + 1 : end].replace(b",", b"/")
        if text:
            octets = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
            parts.append(octets.decode("utf-16-be"))
        else:
            parts.append("&")
        place = end + 1
    return "".join((*parts, raw[place:].decode("ascii")))
