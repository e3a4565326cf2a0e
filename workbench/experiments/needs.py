"""What an experiment may ask of the machine that plays it: needs = ["ipv6"]."""

import select
import sys
from collections.abc import Callable
from typing import NamedTuple

from workbench.errors import LocalFault
from workbench.experiments.values import Card
from workbench.wire.addresses import has_ipv6_loopback
from workbench.wire.nobody import has_privileged_ports


class Need(NamedTuple):
    """what: in words. is_met: looks at this machine, in no more than a millisecond."""

    what: str
    is_met: Callable[[], bool]


NEEDS = {
    "poll": Need("the call poll", lambda: hasattr(select, "poll")),
    "epoll": Need("the call epoll", lambda: hasattr(select, "epoll")),
    "ipv6": Need("IPv6 on its loopback", has_ipv6_loopback),
    "privileged-ports": Need("ports that are kept from who has no rights", has_privileged_ports),
    "linux": Need("Linux, whose system tells and does what is shown", lambda: sys.platform == "linux"),
}


def lacking(card: Card) -> str:
    """What this machine lacks to play the card, as a sentence; "" when it can be played."""
    missing = [NEEDS[name].what for name in card.needs if not NEEDS[name].is_met()]
    return f"this machine has not {' and not '.join(missing)}" if missing else ""


def check(card: Card) -> None:
    """Raises: LocalFault: this machine can't play the card."""
    if why := lacking(card):
        raise LocalFault(
            f"{card.id} can't be played here: {why}",
            stage="experiment",
            advice="`workbench experiment list` has the others; `workbench selfcheck` says what this machine offers",
        )
