"""The ways of a session: straight, or through a relay of the Lab."""

from workbench.panels.routes import BYTEWISE, LATE, PLAIN, STRAIGHT, Route

ROUTES = (
    STRAIGHT,
    PLAIN,
    LATE,
    BYTEWISE,
    Route(
        "flip",
        "Relay: changed",
        "Through a relay that changes the first byte of the answer",
        {"flip": 0, "direction": "to-client"},
    ),
    Route(
        "cut",
        "Relay: cut",
        "Through a relay that ends the connection (FIN) after 10 bytes of the answer",
        {"cut_after": 10, "direction": "to-client"},
    ),
    Route(
        "reset",
        "Relay: reset",
        "Through a relay that resets the connection (RST) after 10 bytes of the answer",
        {"reset_after": 10, "direction": "to-client"},
    ),
)
