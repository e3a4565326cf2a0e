"""The ways of what the bench sends: straight, or through a relay of the Lab that cuts it differently."""

from workbench.panels.routes import BYTEWISE, PLAIN, STRAIGHT, Route

ROUTES = (
    STRAIGHT,
    PLAIN,
    BYTEWISE,
    Route("thirds", "Relay: threes", "Through a relay that sends three bytes in each segment", {"split": 3}),
    Route(
        "cut",
        "Relay: cut",
        "Through a relay that ends the connection (FIN) after 7 bytes of the answer",
        {"cut_after": 7, "direction": "to-client"},
    ),
    Route(
        "reset",
        "Relay: reset",
        "Through a relay that resets the connection (RST) after 7 bytes of the answer",
        {"reset_after": 7, "direction": "to-client"},
    ),
)
