"""The topics of the help: pages of Markdown in resources/help, completed at run time with what this window has.

A page may hold two kinds of links that are replaced before it is shown, and read well where they are not (in a
repository's browser): `[F5](key:start.play)` becomes the key that the action has at present, and a line
`[The services](list:services)` the list of that name. `[Targets](help:targets#the-forms)` leads to a topic and a
section of it, named by its title in small letters with hyphens.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from workbench import assets
from workbench.ui import helplists
from workbench.ui.actions import ActionRegistry

NAMES = (
    "first-steps",
    "window",
    "targets",
    "sockets",
    "bytes",
    "conversation",
    "dns",
    "web",
    "inspector",
    "mail",
    "ftp",
    "sql",
    "certificates",
    "lab",
    "experiments",
    "terminal",
    "files",
    "glossary",
)
"""The topics in the order in which a newcomer reads them."""

SCHEME = "help:"

_KEY = re.compile(r"\[(?P<usual>[^\]]+)\]\(key:(?P<action>[\w.]+)\)")
_LIST = re.compile(r"^\[[^\]]+\]\(list:(?P<name>\w+)\)$", re.MULTILINE)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_NO_LETTERS = re.compile(r"[^a-z0-9]+")


class Topic(NamedTuple):
    """A page as it was written.

    Attributes:
        name: in links.
        title: for people.
        sections: titles of its sections, in order.
        source: the Markdown.
    """

    name: str
    title: str
    sections: tuple[str, ...]
    source: str


class Place(NamedTuple):
    """A topic, and the anchor of a section in it; "" for its beginning."""

    topic: str
    anchor: str = ""


def topics() -> dict[str, Topic]:
    """All pages by name, in order.

    Raises: LocalFault when a page is missing: the installation is damaged.
    """
    return {name: _read(name) for name in NAMES}


def _read(name: str) -> Topic:
    source = assets.read_text(f"help/{name}.md")
    title = source.partition("\n")[0].removeprefix("# ").strip()
    return Topic(name, title, tuple(_SECTION.findall(source)), source)


def completed(topic: Topic, registry: ActionRegistry) -> str:
    """A page's Markdown with the keys and lists of this moment in it."""

    def list_of(found: re.Match[str]) -> str:
        name = found["name"]
        return helplists.keys(registry) if name == "keys" else helplists.LISTS[name]()

    def key_of(found: re.Match[str]) -> str:
        return helplists.key(registry, found["action"], found["usual"])

    return _LIST.sub(list_of, _KEY.sub(key_of, topic.source))


def keys_named(topic: Topic) -> Mapping[str, str]:
    """The actions whose keys a page names, each with the key that it says is the usual one."""
    return {found["action"]: found["usual"] for found in _KEY.finditer(topic.source)}


def anchor_of(title: str) -> str:
    """How links name a section: "Line breaks" is "line-breaks"."""
    return _NO_LETTERS.sub("-", title.lower()).strip("-")


def pattern_of(word: str) -> str:
    """A regular expression, of Python and of Qt, that finds a searched word where words begin: no "rst" in "first"."""
    return (r"(?<!\w)" if word[:1].isalnum() else "") + re.escape(word)


def read_link(link: str) -> Place | None:
    """Where a link of a page leads; None for one that leads out of the help."""
    if not link.startswith(SCHEME):
        return None
    name, _, anchor = link.removeprefix(SCHEME).partition("#")
    return Place(name, anchor) if name in NAMES else None
