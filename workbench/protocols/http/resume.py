"""What a download asks for next, and what an answer means for the octets that are there already. No socket.

The rules, in order of how much they cost who breaks them:

- octets of two files are never put together: a 200 to a question for the rest begins again, and a 206 is taken only
  where its place, its length and what the file is known by fit what is there (RFC 9110 section 15.3.7.3);
- the rest is asked for only where If-Range can be said, so that the server itself notices another file (13.1.5);
- 416 with the length that is there means that nothing is missing (15.5.17).
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved, WorkbenchError
from workbench.protocols.http.head import length_of
from workbench.protocols.http.ranges import Mark, mark_of, range_field, read_content_range
from workbench.protocols.http.values import Head, Request

PolicyKind = Literal["none", "again", "resume"]
Does = Literal["append", "anew", "whole", "later", "fresh", "no", "refuse"]
"""append: its body goes behind what is there; anew: what is there is thrown away, and its body is the file; whole:
nothing is missing; later: come again; fresh: what is there is of no use, ask for all of it; no: the server has no file;
refuse: its body must not be put to what is there."""

LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same question may have another answer."""
MAX_RETRIES: Final = 100
MAX_WAIT_S: Final = 120.0
"""A server may ask for so much patience; wget and browsers wait for minutes, and a person rather asks again."""
_PART: Final = "RFC 9110 section 15.3.7"
_COMBINED: Final = "RFC 9110 section 15.3.7.3"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done when a download breaks off.

    kind: none: it ends; again: from the first octet on; resume: from where it broke off. retries: how often at most.
    first_wait_s: before the first of them; twice as long before each further one that brought nothing, at most
    most_wait_s.
    """

    kind: PolicyKind = "none"
    retries: int = 0
    first_wait_s: float = 0.5
    most_wait_s: float = 30.0

    def wait_s(self, fruitless: int) -> float:
        """How long to wait after so many attempts in a row that brought nothing."""
        return min(self.most_wait_s, self.first_wait_s * 2.0 ** min(fruitless, 30))


class Held(NamedTuple):
    """What is there already. why_not: why an earlier run's part is not gone on with; "" where nothing is against it."""

    octets: int = 0
    mark: Mark = Mark()
    why_not: str = ""


class Plan(NamedTuple):
    """What is asked for. start: the first octet; condition: of If-Range; why: it is all, where the rest was wanted."""

    start: int = 0
    condition: str = ""
    why: str = ""


class Judged(NamedTuple):
    """What an answer means. start: where its body goes; stop: what there will be with it, None where nobody knows."""

    does: Does
    why: str
    start: int = 0
    stop: int | None = None
    total: int | None = None
    failure: WorkbenchError | None = None


def plan(held: Held, *, goes_on: bool) -> Plan:
    """What to ask for."""
    if not goes_on:
        return Plan()
    if not held.octets:
        return Plan(why=held.why_not)
    if why := held.mark.why_no_condition:
        return Plan(why=why)
    return Plan(held.octets, held.mark.condition)


def asking(request: Request, plan: Plan) -> Request:
    """The request for a plan. Raises: LocalMisuse: it can't be one for a file."""
    names = {name.lower() for name, _ in request.headers}
    for name in ("range", "if-range"):
        if name in names:
            raise LocalMisuse(
                f"{name.title()} is said by the download itself",
                stage="request",
                advice="leave the field out, or fetch without going on",
                source="RFC 9110 section 14.2",
            )
    if request.method != "GET":
        raise LocalMisuse(
            f"{request.method} can't be gone on with: ranges are defined for GET alone",
            stage="request",
            advice="ask by GET",
            source="RFC 9110 section 14.2",
        )
    headers = request.headers
    if "accept-encoding" not in names:
        # What is saved is the file, not a packed form of it that the server makes anew for everybody.
        headers = (*headers, ("Accept-Encoding", "identity"))
    if plan.start:
        headers = (*headers, ("Range", range_field(plan.start)), ("If-Range", plan.condition))
    return replace(request, headers=headers)


def judge(plan: Plan, held: Held, head: Head) -> Judged:
    """What the answer means for what is there."""
    if head.status == 200:
        return _whole_file(plan, held, head)
    if head.status == 206:
        try:
            return _part(plan, held, head)
        except PeerMisbehaved as broken:
            return Judged("refuse", broken.what, plan.start, failure=broken)
    if head.status == 416 and plan.start:
        return _nothing_left(held, head)
    if head.status in LATER:
        return Judged("later", f"the server says {head.status}", plan.start)
    return Judged("no", f"the server says {head.status}", plan.start)


def _whole_file(plan: Plan, held: Held, head: Head) -> Judged:
    total = mark_of(head).total
    if not plan.start:
        return Judged("anew", plan.why, 0, total, total)
    return Judged(
        "anew", f"200 instead of the rest: {_difference(held.mark, mark_of(head))}", 0, total, total
    )


def _difference(old: Mark, new: Mark) -> str:
    if old.etag and new.etag and old.etag != new.etag:
        return f"the file changed, its ETag was {old.etag} and is {new.etag}"
    if not old.etag and new.modified != old.modified:
        return f"the file changed, it was of {old.modified} and is of {new.modified or 'no date'}"
    return "the server gives no ranges of it"


def _part(plan: Plan, held: Held, head: Head) -> Judged:
    if not plan.start:
        raise _refused("206 although nobody asked for a part", _PART)
    kind = (head.first("content-type") or "").partition(";")[0].strip().lower()
    if kind == "multipart/byteranges":
        raise _refused("one range was asked for, and several came (multipart/byteranges)", _PART)
    said = head.all("content-range")
    if len(said) != 1:
        raise _refused("206 without Content-Range" if not said else "206 with several Content-Range", _PART)
    place, mark, length = read_content_range(said[0]), mark_of(head), length_of(head)
    if place.first is None or place.last is None:
        raise _refused(f"206 whose Content-Range has no octets: {said[0]!r}", _PART)
    if place.first != plan.start:
        raise _refused(
            f"octets from {plan.start:,} on were asked for, and those from {place.first:,} on came", _PART
        )
    size = place.last - place.first + 1
    if length is not None and length != size:
        raise _refused(f"Content-Range says {size:,} octets and Content-Length {length:,}", _PART)
    _check_same(held.mark, mark)
    total = place.total if place.total is not None else held.mark.total
    if total is not None and place.last >= total:
        raise _refused(f"the part ends at octet {place.last:,} of a file of {total:,}", _PART)
    why = f"octets {place.first:,} to {place.last:,}" + (f" of {total:,}" if total is not None else "")
    return Judged("append", why, place.first, place.last + 1, total)


def _check_same(old: Mark, new: Mark) -> None:
    """The server says that it is the same file; its own fields must not say otherwise."""
    if old.etag and new.etag and old.etag != new.etag:
        raise _refused(f"the part has another ETag: {new.etag} instead of {old.etag}", _COMBINED)
    if not old.etag and new.modified and old.modified != new.modified:
        raise _refused(f"the part is of {new.modified}, the beginning of {old.modified}", _COMBINED)
    if old.total is not None and new.total is not None and old.total != new.total:
        raise _refused(f"the file had {old.total:,} octets, and has {new.total:,} now", _COMBINED)
    if old.coding != new.coding:
        raise _refused(
            f"the part is in {new.coding or 'no coding'}, the beginning in {old.coding or 'none'}", _COMBINED
        )


def _nothing_left(held: Held, head: Head) -> Judged:
    said = head.first("content-range")
    try:
        total = read_content_range(said).total if said is not None else None
    except PeerMisbehaved:
        total = None
    if total == held.octets and held.mark.total in (None, total):
        return Judged(
            "whole", f"416: the file has {total:,} octets, and all are here", held.octets, total, total
        )
    if total is None:
        return Judged("fresh", "416 without a length: the part that is here is of no use")
    return Judged(
        "fresh", f"416: the file has {total:,} octets, and {held.octets:,} are here: it is another one"
    )


def _refused(what: str, source: str) -> PeerMisbehaved:
    return PeerMisbehaved(
        what,
        stage="head",
        committed="yes",
        advice="what is here stays as it is; fetch it again from the start",
        source=source,
    )
