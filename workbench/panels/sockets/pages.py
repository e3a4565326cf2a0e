"""The pages of the Sockets panel: one line each."""

from workbench.panels.pages import PageInfo

_P = "workbench.panels.sockets."
CONSOLE = "console"

PAGES: tuple[PageInfo, ...] = (
    PageInfo(CONSOLE, "Console", _P + "consolepage:ConsolePage", "Connections and listeners, octet by octet"),
    PageInfo("steps", "Steps", _P + "steps.view:StepsPage", "Socket calls by hand, one by one, in any order"),
    PageInfo(
        "readiness",
        "Readiness",
        _P + "readiness.view:ReadinessPage",
        "What sockets are ready for, what waiting costs, and the race to connect",
    ),
    PageInfo(
        "framing",
        "Framing",
        _P + "framing.view:FramingPage",
        "Messages in a stream: framings, cut in every way, numbers and structures",
    ),
    PageInfo(
        "reliability",
        "Reliability",
        _P + "reliability.view:ReliabilityPage",
        "The same numbered messages over a faulty path, by UDP and by TCP",
    ),
    PageInfo(
        "flow",
        "Flow",
        _P + "flow.view:FlowPage",
        "Where octets wait, who waits for whom, and who noticed first",
    ),
    PageInfo(
        "scripts",
        "Scripts",
        _P + "scripts.view:ScriptsPage",
        "Payloads, scripts and replies that are kept: send, expect, answer, repeat",
    ),
    PageInfo(
        "addresses",
        "Addresses",
        _P + "addresses.view:AddressesPage",
        "Ports, addresses, interfaces and routes; who reaches a port, what is looked up",
    ),
    PageInfo(
        "discovery",
        "Discovery",
        _P + "discovery.view:DiscoveryPage",
        "Who is there: search, announce and discover in groups, by mDNS, SSDP or plain text",
    ),
    PageInfo(
        "gopher",
        "Gopher",
        _P + "gopher.view:GopherPage",
        "Gopher, read by read, on four levels of abstraction",
    ),
)
