"""The panels: one folder each, one line here. They don't know each other; they meet through `open(target)`."""

from typing import NamedTuple


class PanelInfo(NamedTuple):
    """What is known of a panel before it is opened.

    entry: "module:Class", imported at its first visit. tour: "module:coroutine", the panel's main job done for the tour
    with its guide; "" for none.
    """

    id: str
    title: str
    order: int
    entry: str
    tip: str
    tour: str = ""


_P = "workbench.panels."

PANELS: tuple[PanelInfo, ...] = (
    PanelInfo(
        "start",
        "Start",
        0,
        _P + "start.view:StartPanel",
        "Begin here: experiments, and the Lab's servers",
        _P + "start.tour:tour",
    ),
    PanelInfo(
        "sockets",
        "Sockets",
        10,
        _P + "sockets.view:SocketsPanel",
        "TCP and UDP by hand",
        _P + "sockets.tour:tour",
    ),
    PanelInfo(
        "dns",
        "DNS",
        20,
        _P + "dns.view:DnsPanel",
        "Ask name servers, and check the names that addresses claim",
        _P + "dns.tour:tour",
    ),
    PanelInfo(
        "web",
        "Web",
        30,
        _P + "web.view:WebPanel",
        "Requests by hand, pages looked into, procedures called",
        _P + "web.tour:tour",
    ),
    PanelInfo(
        "mail",
        "Mail",
        40,
        _P + "mail.view:MailPanel",
        "Letters taken apart, mailboxes read, letters written and sent",
        _P + "mail.tour:tour",
    ),
    PanelInfo(
        "files",
        "Files",
        50,
        _P + "files.view:FilesPanel",
        "Folders and files of an FTP server",
        _P + "files.tour:tour",
    ),
    PanelInfo(
        "sql",
        "SQL",
        60,
        _P + "sql.view:SqlPanel",
        "Statements on SQLite files and PostgreSQL servers",
        _P + "sql.tour:tour",
    ),
    PanelInfo(
        "certificates",
        "Certificates",
        70,
        _P + "certificates.view:CertificatesPanel",
        "Certificates of a server or a file, and whether they count",
        _P + "certificates.tour:tour",
    ),
)
