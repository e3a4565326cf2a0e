"""The ways to a mail server: straight, or through a relay of the Lab."""

from workbench.panels.routes import BYTEWISE, LATE, PLAIN, STRAIGHT, Route

ROUTES = (
    STRAIGHT,
    PLAIN,
    LATE,
    BYTEWISE,
    Route(
        "cut",
        "Relay: cut",
        "Through a relay that ends the connection (FIN) after 200 bytes of answers",
        {"cut_after": 200, "direction": "to-client"},
    ),
    Route(
        "reset",
        "Relay: reset",
        "Through a relay that resets the connection (RST) after 200 bytes of answers",
        {"reset_after": 200, "direction": "to-client"},
    ),
)
