"""What the DNS panel says and offers as long as there is nothing to show, for each kind of question."""

LAB = "lab:dns"
KINDS = (("query", "Query"), ("reverse", "Reverse"))
HINTS = {"query": "a name: www.lab.test", "reverse": "an address: 192.0.2.1"}
OFFERS = {"query": "www.lab.test", "reverse": "192.0.2.1"}
EMPTY = {
    "query": (
        "Ask a name server: the records of its answer will stand here.",
        "Ask lab:dns for www.lab.test",
    ),
    "reverse": (
        "Check an address: the names that it claims, and whether they lead back, will stand here.",
        "Check 192.0.2.1 at lab:dns",
    ),
}
NOTHING = {
    "query": "The answer holds no record; the packet beside says why.",
    "reverse": "There is nothing to show.",
}
