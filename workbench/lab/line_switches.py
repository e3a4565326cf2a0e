"""What can be turned on the Lab's Gopher, Telnet and WebSocket servers."""

from workbench.lab.switches import Switch

GOPHER = (
    Switch("dot", "flag", True, "whether menus and texts end with a line that is one dot"),
    Switch("strict", "flag", False, "refuse a line that does not end with CR LF"),
    Switch(
        "lie",
        "choice",
        "none",
        "how it breaks its protocol",
        choices=("none", "no-answer", "odd-lines", "long-line", "endless"),
    ),
)
TELNET = (
    Switch(
        "asks",
        "choice",
        "options",
        "what it sends before anything is typed",
        choices=("options", "nothing", "odd", "half", "endless"),
    ),
)
WEBSOCKET = (
    Switch("fragment", "count", 0, "octets of a frame of its answers; 0: one frame a message", high=2**20),
    Switch("ping", "flag", False, "send a ping before each answer"),
    Switch("close_code", "count", 1000, "the code that it closes with", low=1000, high=4999),
    Switch(
        "lie",
        "choice",
        "none",
        "how it breaks its protocol",
        choices=(
            "none",
            "wrong-key",
            "no-upgrade",
            "masked",
            "bad-utf8",
            "reserved-bits",
            "reserved-opcode",
            "long-ping",
            "no-end",
            "huge",
            "no-close",
            "silent",
        ),
    ),
)
