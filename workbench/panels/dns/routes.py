"""The ways of a question, by UDP or TCP: straight, or through a relay of the Lab."""

from workbench.panels.routes import LATE, PLAIN, STRAIGHT, Route

ROUTES = (
    STRAIGHT,
    PLAIN,
    LATE,
    Route(
        "lost",
        "Relay: lossy",
        "Through a relay that loses half of the datagrams; what is lost is asked for again",
        {},
        {"drop_percent": 50},
    ),
    Route(
        "changed",
        "Relay: changed",
        "Through a relay that changes one bit of every answer",
        {"flip": 4, "direction": "to-client"},
        {"corrupt_percent": 100, "direction": "to-client"},
    ),
)
