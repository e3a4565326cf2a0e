"""What the Gopher server of the Lab has: menus, texts, octets, and a search among ships and stars."""

from typing import Final, NamedTuple

README: Final = """This server answers one line and hangs up.
There is no length, no status and no header: the end is a line with one dot,
.and a line that begins with a dot gets another one before it, like this one.
Octets as they are have not even the dot: there the connection's end is the end.
"""
STARS: Final = (
    "Sirius - the brightest at night",
    "Canopus - second, and far in the south",
    "Arcturus - orange, above the herdsman",
    "Vega - a summer's zenith",
    "Rigel - a blue foot",
    "Betelgeuse - a red shoulder",
)
OCTETS: Final = bytes(range(256)) * 8
"""Every octet there is, eight times over: who reads it as text loses something."""


class Line(NamedTuple):
    """One line of a menu of ours; the service adds where it runs. selector "": a line of information."""

    type: str
    text: str
    selector: str = ""


ROOT: Final = (
    Line("i", "Gopher in the Lab: one line asks, the connection's end is the end."),
    Line("i", ""),
    Line("0", "About this server", "/readme"),
    Line("1", "Stars", "/stars"),
    Line("7", "Search among the stars", "/search"),
    Line("9", "Every octet, eight times", "/octets.bin"),
    Line("h", "The same in HTML", "/page.html"),
    Line("3", "An item that is an error itself"),
)
MENUS: Final[dict[str, tuple[Line, ...]]] = {
    "": ROOT,
    "/": ROOT,
    "/stars": (
        Line("i", "Each star is a text of its own."),
        *(Line("0", star.partition(" ")[0], f"/stars/{star.partition(' ')[0].lower()}") for star in STARS),
        Line("1", "Back to the root", "/"),
    ),
}
TEXTS: Final[dict[str, str]] = {
    "/readme": README,
    **{f"/stars/{star.partition(' ')[0].lower()}": f"{star}\n" for star in STARS},
}
FILES: Final[dict[str, bytes]] = {
    "/octets.bin": OCTETS,
    "/page.html": b"<!doctype html><title>Stars</title><h1>Stars</h1><p>Six of them.</p>\n",
}


def found(words: str) -> tuple[Line, ...]:
    """The stars whose line has the words; a line of information where there is none."""
    wanted = words.casefold().strip()
    lines = tuple(line for line in MENUS["/stars"] if line.type == "0" and wanted in _whole(line).casefold())
    return lines or (Line("i", f"nothing is called {words}"),)


def _whole(line: Line) -> str:
    return TEXTS[line.selector]
