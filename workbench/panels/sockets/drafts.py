"""The forms of TLS and the way, to and from a session's file. No Qt."""

from workbench.panels.drafts import line_of
from workbench.panels.sockets.state import UdpForm
from workbench.protocols.raw.broadcast import MOST_PER_S
from workbench.protocols.raw.limits import LimitsForm
from workbench.protocols.raw.protection import CHOICES, TlsForm
from workbench.protocols.raw.question import MAX_TRIES
from workbench.protocols.raw.wayform import WayForm

MAX_NUMBER = 20
"""Characters of a number that somebody typed."""


def tls_form(values: object) -> TlsForm:
    """The form of a draft; what is not as we write it is left as it is at first."""
    form = TlsForm()
    if not isinstance(values, dict):
        return form
    kept: dict[str, object] = {}
    for name, default in form._asdict().items():
        value = values.get(name)
        if type(value) is not type(default) or (name in CHOICES and value not in CHOICES[name]):
            continue
        kept[name] = line_of(value) if isinstance(value, str) else value
    return form._replace(**kept)  # type: ignore[arg-type]  # checked above


def way_form(values: object) -> WayForm:
    """As tls_form."""
    form = WayForm()
    if not isinstance(values, dict):
        return form
    return form._replace(
        **{name: line_of(values[name]) for name in form._fields if isinstance(values.get(name), str)}
    )


def limits_form(values: object) -> LimitsForm:
    """As tls_form."""
    form = LimitsForm()
    if not isinstance(values, dict):
        return form
    return form._replace(
        **{name: line_of(values[name]) for name in form._fields if isinstance(values.get(name), str)}
    )


def udp_form(values: object) -> UdpForm:
    """As tls_form."""
    form = UdpForm()
    if not isinstance(values, dict):
        return form
    kept = {
        name: values[name]
        for name, default in form._asdict().items()
        if type(values.get(name)) is type(default) and len(str(values[name])) <= MAX_NUMBER
    }
    form = form._replace(**kept)
    return form._replace(
        tries=min(max(form.tries, 1), MAX_TRIES), per_s=min(max(form.per_s, 1.0), MOST_PER_S)
    )
