"""The ways of a look at a server: straight, or through a relay of the Lab."""

from workbench.panels.routes import BYTEWISE, LATE, PLAIN, STRAIGHT, Route

ROUTES = (
    STRAIGHT,
    PLAIN,
    LATE,
    BYTEWISE,
    Route(
        "flip",
        "Relay: changed",
        "Through a relay that changes a byte in the middle of the server's hello",
        {"flip": 20, "direction": "to-client"},
    ),
    Route(
        "cut",
        "Relay: cut",
        "Through a relay that ends the connection in the middle of the handshake",
        {"cut_after": 100, "direction": "to-client"},
    ),
)
