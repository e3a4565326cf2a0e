"""`workbench transcript show|search`: the events of a saved conversation, all or those that a person looks for."""

import time
from collections.abc import Iterable, Iterator
from contextlib import closing

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.cli.saved_file import read_saved, saved_document
from workbench.errors import Refused
from workbench.formats.quantity import count, octets
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.render import line
from workbench.transcript.search import Filter, Search
from workbench.wire.explain import explain

LISTED = 1000
"""Events that a document lists when no other number is asked for."""
SLICE_NS = 100_000_000
PROGRESS_NS = 1_000_000_000
"""Between two notes on how far a search is."""


def show_verb(parsed: Parsed, output: Output) -> int:
    """Show the events, or --count of them from --from on. Raises: what read_saved raises."""
    with closing(read_saved(parsed["FILE"], output.note)) as transcript:
        first, limit = parsed["--from"], parsed["--count"]
        if not output.as_json:
            _head(transcript, output)
            stop = len(transcript) if limit is None else first + limit
            _lines(transcript, transcript.events(first, stop), output)
            return 0
        listed = [_listed(transcript, event) for event in transcript.events(first, first + (limit or LISTED))]
        output.document(
            {
                **saved_document(parsed["FILE"], transcript),
                "listed": listed,
                "left_out": len(transcript) - len(listed),
            },
            ok=True,
        )
        return 0


def search_verb(parsed: Parsed, output: Output) -> int:
    """Look for events, tell those found as they are found.

    Raises: what read_saved and Search raise; Refused when nothing was found.
    """
    wanted = _filter(parsed)
    with closing(read_saved(parsed["FILE"], output.note)) as transcript:
        search = Search(transcript, wanted)
        limit = parsed["--count"]
        hits: list[dict[str, object]] = []
        found = 0
        for event in _found(transcript, search, output):
            found += 1
            if not output.as_json and (limit is None or found <= limit):
                _lines(transcript, [event], output)
            elif output.as_json and len(hits) < (limit or LISTED):
                hits.append(_listed(transcript, event))
        if output.is_closed:
            # Nobody reads on: what was found until then is no result.
            return 0
        output.so_far = {
            "file": parsed["FILE"],
            "events": len(transcript),
            "found": found,
            "hits": hits,
            "gave_up": search.gave_up[:LISTED],
        }
        if search.gave_up:
            output.note(f"the pattern took too long on {count(len(search.gave_up), 'event')}, left out here")
        if not found:
            raise Refused("nothing of that kind is in this conversation", stage="search")
        if output.as_json:
            output.document(output.so_far, ok=True)
        else:
            output.note(f"found {found} of {count(len(transcript), 'event')}")
        return 0


def _filter(parsed: Parsed) -> Filter:
    direction = parsed["--direction"]
    return Filter(
        direction=Direction(direction) if direction else None,
        text=parsed["--text"] or "",
        hex=parsed["--hex"] or "",
        regex=parsed["--regex"] or "",
        channel=parsed["--channel"],
        min_size=parsed["--min-size"],
        max_size=parsed["--max-size"],
        facts=not parsed.flag("--no-facts"),
    )


def _found(transcript: Transcript, search: Search, output: Output) -> Iterator[Event]:
    """The events found, and now and then a note on how far it is; ends early when nobody reads any more."""
    next_ns = time.monotonic_ns() + PROGRESS_NS
    while not search.is_complete and not output.is_closed:
        for index in search.step(SLICE_NS):
            yield transcript[index]
        if time.monotonic_ns() >= next_ns:
            next_ns = time.monotonic_ns() + PROGRESS_NS
            done, total = search.place, len(transcript)
            output.note(f"searched {done} of {count(total, 'event')} ({100 * done // max(1, total)} %)")


def _head(transcript: Transcript, output: Output) -> None:
    for info in transcript.channels:
        ends = " → ".join(filter(None, (info.local, info.peer)))
        output.line(f"# {info.number} {info.title} ({info.layer}) {ends}".rstrip())


def _lines(transcript: Transcript, events: Iterable[Event], output: Output) -> None:
    for event in events:
        if output.is_closed:
            return
        told = line(transcript, event, explain)
        size = f"{octets(told.size)}  " if told.size is not None else ""
        meaning = "; ".join(filter(None, (told.text, told.source)))
        output.line(
            f"{told.index:6d} {told.time_s:12.6f} {told.channel:3d} {told.direction.arrow or ' '} "
            f"{size}{told.what}{f'  ({meaning})' if meaning else ''}"
        )


def _listed(transcript: Transcript, event: Event) -> dict[str, object]:
    """One event of a document: what it was, and what it means."""
    told = line(transcript, event, explain)
    listed: dict[str, object] = {
        "index": event.index,
        "t_ms": round(event.time_ns / 1e6, 6),
        "channel": event.channel,
        "event": event.name if event.kind == "fact" else event.direction.value,
        "what": told.what,
        "text": told.text,
        "source": told.source,
    }
    if event.kind == "fact":
        return {**listed, "values": dict(event.values)}
    return {**listed, "layer": event.layer, "octets": event.size}
