"""The ways to a server: straight, or through a relay of the Lab. A file has no way."""

from workbench.panels.routes import BYTEWISE, LATE, PLAIN, STRAIGHT, Route

ROUTES = (
    STRAIGHT,
    PLAIN,
    LATE,
    BYTEWISE,
    Route(
        "cut",
        "Relay: cut",
        "Through a relay that ends the connection (FIN) after 2,000 bytes from the server",
        {"cut_after": 2000, "direction": "to-client"},
    ),
    Route(
        "reset",
        "Relay: reset",
        "Through a relay that resets the connection (RST) after 2,000 bytes from the server",
        {"reset_after": 2000, "direction": "to-client"},
    ),
)
