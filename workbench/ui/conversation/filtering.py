"""What a person asks the list to show, and the search that answers slice by slice.

A form is what stands in the filter bar, mistakes included. `Filtering.apply` reads it: a mistake is kept beside the
field it stands in and the filter in force stays; else the search starts over and `step` carries it on, also through
events that come later.
"""

import re
from enum import Enum
from typing import NamedTuple

from workbench.errors import LocalFault, LocalMisuse
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.search import Filter, Search
from workbench.ui.conversation.matches import Matches
from workbench.ui.conversation.rows import Rows

SLICE_NS = 3_000_000
"""One slice on the window's loop. A regular expression may take 5 ms more before it is stopped: 8 ms together."""
PLAIN_SLICE_NS = 6_000_000
"""Anything else is looked for in pieces that take less than 1 ms each."""

_UNITS = {"": 1, "b": 1, "k": 1024, "kib": 1024, "m": 1024**2, "mib": 1024**2, "g": 1024**3, "gib": 1024**3}
_SIZE = re.compile(r"\s*(\d{1,15})\s*([a-z]*)\s*", re.IGNORECASE)


class Mode(Enum):
    """How the words of a filter are meant."""

    TEXT = "text"
    HEX = "hex"
    REGEX = "regex"


class FilterForm(NamedTuple):
    """What stands in the filter bar, as typed.

    Attributes:
        words: text, octets in hex, or a pattern, as mode says.
        min_size, max_size: octets, with a unit where wanted ("64 KiB"); "" for no limit.
        layer: "tls", "tcp" ..., or "" for all.
        only_matches: whether the others are hidden; else all are shown and the matches are marked.
    """

    direction: Direction | None = None
    mode: Mode = Mode.TEXT
    words: str = ""
    channel: int | None = None
    min_size: str = ""
    max_size: str = ""
    facts: bool = True
    only_matches: bool = True
    layer: str = ""


class Mistake(NamedTuple):
    """Why a form was not applied: the field ("words", "min_size", "max_size"), and what is wrong with it."""

    field: str
    error: LocalMisuse

    @property
    def sentence(self) -> str:
        """For people; the place is marked in the field itself."""
        what = self.error.what
        return f"{what[:1].upper()}{what[1:]}. The filter was not applied."


class Filtering:
    """The filter over one transcript.

    Attributes:
        form: the form last given, applied or not.
        mistake: why it was not applied; None when it was.
        fault: what stopped the search (the disk is full); None while all is well.
        rows: what the list shows now; another object after each change of the filter.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._search: Search | None = None
        self._matches: Matches | None = None
        self.form = FilterForm()
        self.mistake: Mistake | None = None
        self.fault: LocalFault | None = None
        self.rows = Rows(transcript)

    def apply(self, form: FilterForm) -> bool:
        """Put a form in force; returns whether it could be read."""
        self.form = form
        self.mistake = None
        wanted = self._read(form)
        if wanted is None:
            return False
        try:
            search = None if wanted.is_empty else Search(self._transcript, wanted)
        except LocalMisuse as error:
            self.mistake = Mistake("words", error)
            return False
        self.close()
        self.fault = None
        self._search = search
        self._matches = Matches() if search is not None else None
        self.rows = Rows(self._transcript, self._matches if form.only_matches else None)
        return True

    def step(self, budget_ns: int | None = None) -> bool:
        """Search on for a slice; returns whether there is more to do."""
        search, matches = self._search, self._matches
        if search is None or matches is None or self.fault is not None:
            return False
        if budget_ns is None:
            budget_ns = SLICE_NS if self.form.mode is Mode.REGEX else PLAIN_SLICE_NS
        try:
            matches.add(search.step(budget_ns))
        except LocalFault as fault:
            self.fault = fault
            return False
        return not search.is_complete

    @property
    def matches(self) -> Matches | None:
        """The events found so far; None when nothing is asked for."""
        return self._matches

    @property
    def is_complete(self) -> bool:
        """Whether every event recorded so far was looked at."""
        return self._search is None or self._search.is_complete

    @property
    def count(self) -> str:
        """How many match of how many: "12 of 340", or "340 events" without a filter."""
        total = len(self._transcript)
        if self._matches is None:
            return f"{total:,} event" + ("" if total == 1 else "s")
        return f"{len(self._matches):,} of {total:,}"

    @property
    def remark(self) -> str:
        """What else there is to say about the result, one sentence; "" for nothing."""
        if self.mistake is not None:
            return self.mistake.sentence
        if self.fault is not None:
            return self.fault.what
        given_up = len(self._search.gave_up) if self._search is not None else 0
        if given_up:
            were = "event was" if given_up == 1 else "events were"
            return f"{given_up:,} {were} too expensive for this pattern and left out."
        return ""

    def next_match(self, index: int) -> int | None:
        """The first matching event after event `index`, from the beginning again at the end; None without matches."""
        matches = self._matches
        if not matches:
            return None
        place = matches.place_of(index + 1)
        return matches[place if place < len(matches) else 0]

    def previous_match(self, index: int) -> int | None:
        """The last matching event before event `index`, from the end again at the beginning."""
        matches = self._matches
        if not matches:
            return None
        return matches[matches.place_of(index) - 1]

    def close(self) -> None:
        """Give the matches back."""
        if self._matches is not None:
            self._matches.close()
            self._matches = None
        self._search = None

    def _read(self, form: FilterForm) -> Filter | None:
        sizes: dict[str, int | None] = {}
        for field in ("min_size", "max_size"):
            try:
                sizes[field] = read_size(getattr(form, field))
            except LocalMisuse as error:
                self.mistake = Mistake(field, error)
                return None
        words = form.words if form.mode is not Mode.HEX else form.words.strip()
        return Filter(
            direction=form.direction,
            channel=form.channel,
            facts=form.facts,
            layer=form.layer,
            text=words if form.mode is Mode.TEXT else "",
            hex=words if form.mode is Mode.HEX else "",
            regex=words if form.mode is Mode.REGEX else "",
            min_size=sizes["min_size"],
            max_size=sizes["max_size"],
        )


def read_size(text: str) -> int | None:
    """Octets from "200", "64 KiB" or "1m"; None from "".

    Raises: LocalMisuse with the place of the mistake.
    """
    if not text.strip():
        return None
    found = _SIZE.fullmatch(text)
    if found is None:
        raise LocalMisuse(
            "not a size: octets as a whole number, with KiB, MiB or GiB if wanted",
            text=text,
            start=0,
            end=len(text),
        )
    unit = found[2].lower()
    if unit not in _UNITS:
        raise LocalMisuse(
            f"{found[2]} is no unit here: B, KiB, MiB or GiB",
            text=text,
            start=found.start(2),
            end=found.end(2),
        )
    return int(found[1]) * _UNITS[unit]
