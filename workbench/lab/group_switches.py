"""What can be turned on the Lab's services of groups."""

from workbench.lab.switches import Switch

_ANNOUNCE = Switch(
    "announce_ms",
    "count",
    0,
    "milliseconds between announcements that nobody asked for; 0: none",
    high=600_000,
)
_GOODBYE = Switch(
    "goodbye_after",
    "count",
    None,
    "after so many answers the second machine says goodbye, and is silent",
    low=1,
    high=10_000,
)
MDNS = (
    _ANNOUNCE,
    _GOODBYE,
    Switch("additional", "flag", True, "whether answers bring along what will be asked next"),
    Switch(
        "lie",
        "choice",
        "none",
        "how a third machine lies: it claims the printer's name, says goodbye for it, or sends garbage",
        choices=("none", "other-name", "goodbye", "garbage"),
    ),
)
SSDP = (
    _ANNOUNCE,
    _GOODBYE,
    Switch(
        "lie",
        "choice",
        "none",
        "how a third machine lies: its LOCATION leads elsewhere, it has no name, or it sends garbage",
        choices=("none", "location", "no-name", "garbage"),
    ),
)
