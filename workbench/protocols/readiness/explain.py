"""One plain sentence for every flag, every engine's way, every provocation, with the page that says so."""

from collections.abc import Mapping
from typing import NamedTuple

from workbench.protocols.readiness.rows import Provocation
from workbench.protocols.readiness.values import Ready, Reason


class FlagWords(NamedTuple):
    """asked: whether one asks for it; ERR, HUP and NVAL come unasked."""

    what: str
    lit_by: str
    source: str
    asked: bool = True


FLAGS: Mapping[Ready, FlagWords] = {
    Ready.IN: FlagWords(
        "a read returns at once: with octets, with the end, or with an error",
        "octets that nobody has read; the peer's FIN; a reset; on a listener a caller who waits",
        "poll(2), POLLIN",
    ),
    Ready.OUT: FlagWords(
        "a send is taken at once, at least in part",
        "room in the system's send queue: nearly always, so one asks for it only while something waits to be sent",
        "poll(2), POLLOUT",
    ),
    Ready.PRI: FlagWords(
        "something is urgent: for TCP the one octet beside the stream",
        "the peer's urgent octet (MSG_OOB), until it is read",
        "poll(2), POLLPRI; RFC 9293 3.8.5",
    ),
    Ready.ERR: FlagWords(
        "the connection has failed; the next call tells why",
        "the peer's reset, or an attempt to connect that was refused",
        "poll(2), POLLERR",
        False,
    ),
    Ready.HUP: FlagWords(
        "both directions are over; octets that came before may still be unread",
        "the peer's FIN and our own, or a reset",
        "poll(2), POLLHUP",
        False,
    ),
    Ready.RDHUP: FlagWords(
        "the peer sends no more; octets that came before may still be unread",
        "the peer's FIN; Linux alone tells it apart from octets",
        "poll(2), POLLRDHUP",
    ),
    Ready.NVAL: FlagWords(
        "there is no such descriptor: it was closed, and is still asked for",
        "our own close; poll tells it, select and epoll_ctl fail with EBADF instead",
        "poll(2), POLLNVAL",
        False,
    ),
}

REASONS: Mapping[Reason, str] = {
    "ready": "a socket had something to tell",
    "timeout": "nothing was told within the time: the lists are empty",
    "woken": "we wanted to wait for something else, and said so through our own pipe",
}


class ProvokeWords(NamedTuple):
    """text: of the button; tip: what happens and which lamps it lights."""

    text: str
    tip: str


PROVOCATIONS: Mapping[Provocation, ProvokeWords] = {
    "data": ProvokeWords("Data", "The peer sends a line: IN"),
    "fin": ProvokeWords("Peer's FIN", "The peer finishes its half: IN and RDHUP"),
    "own-fin": ProvokeWords("Own SHUT_WR", "We finish our half; together with the peer's FIN: HUP"),
    "rst": ProvokeWords("RST", "The peer resets the connection: ERR and HUP, and IN"),
    "urgent": ProvokeWords("Urgent octet", "The peer sends one octet out of band: PRI"),
    "close": ProvokeWords("Close it", "We close the descriptor and go on asking for it: NVAL"),
    "call": ProvokeWords("Call it", "Somebody connects to the listener: IN"),
}


def mask_text(flags: Ready) -> str:
    """A mask as a program sees it: "IN|HUP = 17"."""
    return f"{flags.text} = {int(flags)}" if flags else "0"


def remark(engine: str, told: Ready, lamps: Ready) -> str:
    """What to know about what an engine has told of a socket; "" where nothing is special."""
    if told & Ready.NVAL and engine == "select":
        return "select fails as a whole (EBADF) for one closed descriptor, and does not say which"
    if told & Ready.NVAL and engine == "epoll":
        return "a closed descriptor leaves epoll's set without a word; only asking for it again fails (EBADF)"
    if engine in ("select", "selectors", "asyncio") and told & Ready.IN and not told & Ready.PRI:
        return (
            "readable may mean octets, the end or a reset: select's third set stays empty for a reset, and only the "
            "read tells"
        )
    if told & Ready.IN and told & (Ready.HUP | Ready.ERR):
        return (
            f"the mask is {int(told & ~Ready.RDHUP)}, not {int(Ready.IN)}: who compares it with == POLLIN takes this "
            "for a problem and never reads the last words; & finds them"
        )
    if lamps & Ready.OUT and told == Ready.OUT:
        return "there is nearly always room: who asks for OUT with nothing to send is woken without end"
    return ""
