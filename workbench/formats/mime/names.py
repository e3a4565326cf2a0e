"""Names of attachments, judged before they become names of files here.

A name is a stranger's text: what leads out of a folder, steers a terminal or turns the reading direction is taken out,
and what was done is said. Nothing is overwritten: a name that is taken gets a number.
"""

from typing import NamedTuple
from unicodedata import category

MAX_NAME = 200
"""Octets; Linux takes 255, and a number or `.partial` may follow."""
MAX_STEM = 100

_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
_SUFFIXES = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/xml": ".xml",
    "message/rfc822": ".eml",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/gzip": ".gz",
    "application/json": ".json",
    "application/xml": ".xml",
    "application/pkix-cert": ".cer",
    "application/x-x509-ca-cert": ".pem",
}


class SafeName(NamedTuple):
    """A name for a file here. changes: what was done to the one in the letter, sentences; () for nothing."""

    name: str
    changes: tuple[str, ...] = ()


def safe_name(told: str, media_type: str, number: int) -> SafeName:
    """A name within a folder for an attachment.

    Args:
        told: what the letter calls it; "" where it does not.
        number: of the part, for a name of ours.
    """
    changes: list[str] = []
    name = told
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if last != name:
        changes.append("the way to another folder was left out")
    name = last
    kept = "".join(each for each in name if not _steers(each))
    if kept != name:
        changes.append("characters that can't be seen or that turn the reading direction were left out")
    name = kept
    # What shells and other systems read as more than a name.
    plain = "".join("_" if each in '<>:"|?*' else each for each in name).strip()
    if plain != name:
        changes.append("characters that other systems refuse were replaced")
    name = plain
    if (bare := name.lstrip(".").rstrip(". ")) != name:
        changes.append("dots at its ends were left out")
    name = bare
    if name.partition(".")[0].strip().lower() in _DEVICES:
        changes.append("it is the name of a device on some systems")
        name = f"_{name}"
    if not name:
        if told:
            changes.append("nothing was left of it")
        return SafeName(f"part-{number}{_SUFFIXES.get(media_type, '.bin')}", tuple(changes))
    if len(name.encode("utf-8", "replace")) > MAX_NAME:
        changes.append("it was cut")
        name = _cut(name)
    return SafeName(name, tuple(changes))


def _steers(character: str) -> bool:
    """Controls, directions, surrogates, line separators and what means nothing."""
    group = category(character)
    return group[0] == "C" or group in ("Zl", "Zp")


def _cut(name: str) -> str:
    """Shorter, with its ending."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 16:
        stem, dot, ending = name, "", ""
    while len(f"{stem}{dot}{ending}".encode("utf-8", "replace")) > MAX_NAME:
        stem = stem[:MAX_STEM] if len(stem) > MAX_STEM else stem[:-1]
    return f"{stem}{dot}{ending}"


def numbered(name: str, number: int) -> str:
    """The same name with a number before its ending: "a (2).txt"."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem} ({number}){dot}{ending}" if dot and stem else f"{name} ({number})"
