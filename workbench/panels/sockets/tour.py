"""The tour of the Sockets panel: talk to lab:echo, finish, see how the peer ended; then TLS, and its certificates."""

from PySide6.QtCore import Qt

from workbench.panels.guide import Guide
from workbench.panels.sockets.addresses import tour as addresses
from workbench.panels.sockets.discovery import tour as discovery
from workbench.panels.sockets.flow import tour as flow
from workbench.panels.sockets.framing import tour as framing
from workbench.panels.sockets.gopher import tour as gopher
from workbench.panels.sockets.pages import CONSOLE
from workbench.panels.sockets.parts.connections import CERTIFICATES, SOCKET
from workbench.panels.sockets.parts.session import SessionView
from workbench.panels.sockets.readiness import tour as readiness
from workbench.panels.sockets.scripts import tour as scripts
from workbench.panels.sockets.steps import tour as steps
from workbench.panels.sockets.view import SocketsPanel

LINE = "hello, wire"


async def tour(panel: SocketsPanel, guide: Guide) -> None:
    """Connect, send a line, receive it, finish both halves; the same under TLS, with the verdict and the socket."""
    guide.target("lab:echo")
    view = panel.console.current
    guide.compare("an empty session offers the Lab", view.empty.button.text(), "Talk to lab:echo")
    view.bar.set_text("lab:echo")
    guide.click(view.bar.button)
    await guide.until("the session is open", lambda: view.verdict.verdict.word, "open")
    guide.type(view.bytes.editor, LINE + "\r")
    guide.compare("the editor counts CR LF as two octets", view.bytes.count.text(), f"{len(LINE) + 2} B")
    guide.click(view.send_button)
    size = f"{len(LINE) + 2} B"
    await guide.until(
        "as many octets came back as were sent", lambda: (_cell(view, 1), _cell(view, 2)), (size, size)
    )
    guide.click(view.finish_button)
    await guide.until("the peer finished too", lambda: view.verdict.verdict.word, "ended")
    guide.compare("how it ended is said", "FIN" in view.verdict.verdict.sentence, True)
    guide.compare("both halves are finished", (_cell(view, 3), _cell(view, 4)), ("finished", "finished"))
    await guide.until(
        "the conversation shows the line in both directions",
        lambda: sum(LINE in row for row in guide.conversation()),
        2,
    )
    await _under_tls(view, guide)
    await _other_pages(panel, guide)


async def _other_pages(panel: SocketsPanel, guide: Guide) -> None:
    """The pages beside the console, each by a tour of its own."""
    panel.show_page("steps")
    await steps.tour(panel.pages["steps"], guide)
    panel.show_page("readiness")
    await readiness.tour(panel.pages["readiness"], guide)
    panel.show_page("framing")
    await framing.tour(panel.pages["framing"], guide)
    panel.show_page("flow")
    await flow.tour(panel.pages["flow"], guide)
    panel.show_page("scripts")
    await scripts.tour(panel.pages["scripts"], guide)
    panel.show_page("addresses")
    await addresses.tour(panel.pages["addresses"], guide)
    panel.show_page("discovery")
    await discovery.tour(panel.pages["discovery"], guide)
    panel.show_page("gopher")
    await gopher.tour(panel.pages["gopher"], guide)
    panel.show_page(CONSOLE)


async def _under_tls(view: SessionView, guide: Guide) -> None:
    await guide.until("another connection can be made", lambda: view.bar.button.text(), "Connect")
    view.bar.set_text("lab:tls-echo")
    guide.click(view.tls)
    guide.click(view.bar.button)
    await guide.until(
        "the verdict says who was verified", lambda: "localhost is verified" in view.verdict.text(), True
    )
    view.show_part(SOCKET)
    await guide.until(
        "the socket card tells the state of the connection",
        lambda: view.socket.tree.facts.find("info.state").data(),
        "ESTABLISHED",
    )
    view.show_part(CERTIFICATES)
    await guide.until(
        "the chain as sent begins with the server's own certificate",
        lambda: view.certificates.tree.facts.find("sent.0").data(),
        "CN=a server of the Lab",
    )


def _cell(view: SessionView, column: int) -> str:
    index = view.model.index(0, column)
    return str(index.data(Qt.ItemDataRole.DisplayRole) or "")
