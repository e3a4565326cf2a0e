"""The ways of the control connection: straight, or through a relay of the Lab."""

from workbench.panels.routes import BYTEWISE, STRAIGHT, Route

ROUTES = (
    STRAIGHT,
    Route("plain", "Relay", "Commands go through a relay of the Lab that changes nothing"),
    Route("delay", "Relay: late", "Commands and answers go through a relay, 200 ms late", {"delay_ms": 200}),
    BYTEWISE,
    Route(
        "cut",
        "Relay: cut",
        "Through a relay that ends the connection (FIN) after 100 bytes of answers",
        {"cut_after": 100, "direction": "to-client"},
    ),
    Route(
        "reset",
        "Relay: reset",
        "Through a relay that resets the connection (RST) after 100 bytes of answers",
        {"reset_after": 100, "direction": "to-client"},
    ),
)
