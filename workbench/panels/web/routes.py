"""The ways of a request: straight, or through a relay of the Lab."""

from workbench.panels.routes import BYTEWISE, LATE, PLAIN, STRAIGHT, Route

ROUTES = (
    STRAIGHT,
    PLAIN,
    LATE,
    BYTEWISE,
    Route(
        "cut",
        "Relay: cut",
        "Through a relay that ends the connection (FIN) after 400 bytes of the answer",
        {"cut_after": 400, "direction": "to-client"},
    ),
    Route(
        "reset",
        "Relay: reset",
        "Through a relay that resets the connection (RST) after 400 bytes of the answer",
        {"reset_after": 400, "direction": "to-client"},
    ),
)
