"""The form of the page of scripts as a session keeps it, and back, whatever stands there. No Qt."""

import math
from collections.abc import Mapping
from typing import Any

from workbench.errors import LocalMisuse
from workbench.formats.payload_file import MAX_FILE, TRANSPORTS, SavedPayload, read_saved, write_saved
from workbench.panels.sockets.scripts.state import VIEWS, Form
from workbench.protocols.raw.repeat import LOOPBACK_PER_S, MAX_COUNT, MAX_QUIET_S, MIN_PER_S

_TEXTS = ("target", "listen", "script", "rules", "marker")
_NUMBERS = (("per_s", MIN_PER_S, LOOPBACK_PER_S), ("quiet_s", 0.05, MAX_QUIET_S))


def kept(form: Form) -> dict[str, object]:
    """The form as JSON holds it."""
    try:
        payload = write_saved(form.payload)
    except LocalMisuse:
        # A field that a file can't hold is left out; the text is what counts.
        payload = write_saved(SavedPayload(text=form.payload.text))
    texts = {name: getattr(form, name) for name in (*_TEXTS, "view", "transport")}
    return {**texts, "payload": payload, "times": form.times, "per_s": form.per_s, "quiet_s": form.quiet_s}


def form_of(draft: Mapping[str, object]) -> Form:
    """A form of a draft; what is no such thing is left out."""
    fields: dict[str, Any] = {}
    for name in _TEXTS:
        value = draft.get(name)
        if isinstance(value, str) and len(value) <= MAX_FILE:
            # Fields of one line hold no line breaks.
            fields[name] = (
                value if name in ("script", "rules") else "".join(c for c in value if c.isprintable())
            )
    if draft.get("view") in VIEWS:
        fields["view"] = draft["view"]
    if draft.get("transport") in TRANSPORTS:
        fields["transport"] = draft["transport"]
    times = draft.get("times")
    if isinstance(times, int) and not isinstance(times, bool) and 1 <= times <= MAX_COUNT:
        fields["times"] = times
    for name, least, most in _NUMBERS:
        number = draft.get(name)
        if isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number):
            fields[name] = min(max(float(number), least), most)
    payload = draft.get("payload")
    if isinstance(payload, str):
        try:
            fields["payload"] = read_saved(payload)
        except LocalMisuse:
            # Not written by us.
            return Form(**fields)
    return Form(**fields)
