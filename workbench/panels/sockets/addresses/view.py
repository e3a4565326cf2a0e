"""The page of ports and addresses: eight sheets behind small tabs. Decides nothing."""

from collections.abc import Callable, Coroutine, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.bridge.ask import confirm
from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.jobs.job import Job
from workbench.panels.bench import Bench, Talk
from workbench.panels.pages import Frame
from workbench.panels.sockets.addresses.actions import actions_of
from workbench.panels.sockets.addresses.controller import AddressesController
from workbench.panels.sockets.addresses.parts.address import AddressSheet
from workbench.panels.sockets.addresses.parts.interfaces import InterfacesSheet
from workbench.panels.sockets.addresses.parts.late import LateSheet
from workbench.panels.sockets.addresses.parts.lookup import LookupSheet
from workbench.panels.sockets.addresses.parts.ports import PortsSheet
from workbench.panels.sockets.addresses.parts.reach import ReachSheet
from workbench.panels.sockets.addresses.parts.route import LOOPBACK, RouteSheet
from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.panels.sockets.addresses.state import AddressesState, Bind, SheetId
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.pieces import Tabbed

if TYPE_CHECKING:
    from workbench.panels.sockets.addresses.deciding import Deciding

CONTEXT = "sockets/addresses"
TITLES = (
    ("Ports", "Names and numbers of services, what is free, who has what"),
    ("Address", "One address in every notation"),
    ("Interfaces", "This machine's addresses; is a target local or routed?"),
    ("Route", "The way to a host, hop by hop"),
    ("Who can reach", "From where a port of this machine is reached"),
    ("Look up", "getaddrinfo with all its arguments; IPv6 layer by layer; what this machine is called"),
    ("Which transport?", "Tick what is needed: six transports, counted in the open"),
    ("Datagram size", "What fits into a datagram, and what happens to a longer one"),
)
ECHO = "lab:udp-echo"


class AddressesPage(QWidget):
    """Eight questions about ports and addresses."""

    draft_changed = Signal()

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__()
        self._bench = bench
        self._frame = frame
        self._scope = bench.new_scope("sockets")
        self._jobs: dict[SheetId, Job] = {}
        self._is_restoring = False
        self._shows_used = False
        self._looked_up = "results"
        self.controller = AddressesController(bench.new_transcript)
        self.ports, self.address, self.interfaces = PortsSheet(), AddressSheet(), InterfacesSheet()
        self.route, self.reach, self.lookup = RouteSheet(), ReachSheet(), LookupSheet()
        self._ready: tuple[SheetView, ...] = (
            self.ports,
            self.address,
            self.interfaces,
            self.route,
            self.reach,
            self.lookup,
        )
        self._late = (
            LateSheet("transport", self._make_transport),
            LateSheet("datagram", self._make_datagram),
        )
        self.sheets: tuple[SheetView | LateSheet, ...] = (*self._ready, *self._late)
        self.tabs = Tabbed(
            "Sheets", [(*titles, sheet) for titles, sheet in zip(TITLES, self.sheets, strict=True)]
        )
        margin = theme.metric(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, theme.metric(8), margin, theme.metric(8))
        layout.addWidget(self.tabs)
        self._connect()
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._render(self.controller.state)

    def _connect(self) -> None:
        for sheet, slot in zip(
            self._ready,
            (
                self._on_ports_asked,
                self._on_address_asked,
                self._on_judge_asked,
                self._on_route_asked,
                self._on_reach_asked,
                self._on_lookup_asked,
            ),
            strict=True,
        ):
            self._connect_sheet(sheet, slot)
        self.ports.free_asked.connect(self.suggest_port)
        self.ports.used_asked.connect(self.show_used)
        self.ports.listen_asked.connect(self.listen_there)
        self.address.example_asked.connect(self._on_example_asked)
        self.interfaces.list_asked.connect(self._on_list_asked)
        self.route.stop_asked.connect(self._on_route_stopped)
        self.lookup.ipv6_asked.connect(self._on_ipv6_asked)
        self.lookup.connect_asked.connect(self._on_connect_asked)
        self.lookup.own_asked.connect(self._on_own_asked)
        self.tabs.turned.connect(self._on_edited)

    def _connect_sheet(self, sheet: SheetView, slot: Callable[[], None]) -> None:
        sheet.asked.connect(slot)
        sheet.edited.connect(self._on_edited)
        sheet.offer_taken.connect(self._on_offer_taken)
        sheet.event_asked.connect(self._on_event_asked)
        sheet.dismissed.connect(self._on_dismissed)

    @cached_property
    def deciding(self) -> "Deciding":
        """Made when something is decided first: it needs more engines than the page does."""
        from workbench.panels.sockets.addresses.deciding import Deciding

        return Deciding(self.controller, self._bench.lab.resolve)

    def _make_transport(self) -> SheetView:
        from workbench.panels.sockets.addresses.parts.transport import TransportSheet

        made = self.transport = TransportSheet()
        self._connect_sheet(made, self._on_needs_ticked)
        made.try_asked.connect(self._on_transport_tried)
        return made

    def _make_datagram(self) -> SheetView:
        from workbench.panels.sockets.addresses.parts.datagram import DatagramSheet

        made = self.datagram = DatagramSheet()
        self._connect_sheet(made, self._on_size_chosen)
        made.try_asked.connect(self._on_datagram_tried)
        return made

    # ---- what a person can do; the actions call these too

    @property
    def current(self) -> SheetView:
        """The sheet in front."""
        found = self.sheets[self.tabs.page]
        return found.sheet if isinstance(found, LateSheet) else found

    @property
    def is_busy(self) -> bool:
        """Whether anything goes on."""
        return bool(self._scope.jobs)

    def start(self) -> None:
        """Ask what the sheet in front asks."""
        if self.current.which == "datagram":
            self._on_datagram_tried()
        else:
            self.current.asked.emit()

    def stop(self) -> None:
        """Stop what goes on."""
        for job in reversed(self._scope.jobs):
            job.cancel()

    def next_sheet(self) -> None:
        """Turn to the next one."""
        self.tabs.turn_to((self.tabs.page + 1) % len(self.sheets))
        self.current.focus_start()

    def suggest_port(self) -> None:
        """A free port."""
        self.tabs.turn_to(0)
        self._launch("ports", self.controller.suggest(), "Looking for a free port")

    def show_used(self) -> None:
        """The ports in use; a number in the field asks for that one."""
        self.tabs.turn_to(0)
        self._shows_used = True
        self._launch("ports", self.controller.used_ports(self.ports.search.text()), "Looking at ports in use")

    def listen_there(self) -> None:
        """A listener at the suggested port, in the console."""
        if (port := self.controller.state.suggested) is not None:
            self._bench.open("sockets", f"127.0.0.1:{port}", "listen")

    def copy_rows(self) -> None:
        """All rows of the sheet in front, to the clipboard."""
        self.current.copy_rows()

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        return {"sheet": self.tabs.page, **{sheet.which: sheet.values() for sheet in self.sheets}}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is asked."""
        self._is_restoring = True
        try:
            for sheet in self.sheets:
                sheet.restore(draft.get(sheet.which))
            at = draft.get("sheet")
            if isinstance(at, int) and 0 <= at < len(self.sheets):
                self.tabs.turn_to(at)
        finally:
            self._is_restoring = False

    def focus_start(self) -> None:
        """Put the focus where the sheet in front begins."""
        self.current.focus_start()

    def open_target(self, target: str, how: str = "") -> None:
        """Show the way to a target's host; how: "lookup" to look it up instead."""
        host = host_of(target)
        sheet = self.lookup if how == "lookup" else self.route
        sheet.host.setText(host)
        self.tabs.turn_to(self.sheets.index(sheet))

    def current_talk(self) -> Talk | None:
        """Everything that was asked here."""
        from workbench.protocols.route import code
        from workbench.protocols.route.explain import explain
        from workbench.protocols.route.values import Plan

        host = self.route.host.text().strip() or LOOPBACK
        copies = (
            ("Python (standard library)", lambda: code.python(host, Plan())),
            ("traceroute", lambda: code.traceroute(host, Plan())),
            ("mtr", lambda: code.mtr(host, Plan())),
        )
        return Talk(self.controller.transcript, explain, "Ports and addresses", copies)

    async def retire(self) -> None:
        """End what goes on."""
        await self._scope.retire()
        self._uncut()
        self.controller.retire()

    # ---- a person asked

    def _on_ports_asked(self) -> None:
        self._shows_used = False
        text, transport = self.ports.search.text(), str(self.ports.transport.currentData())
        self._launch("ports", self.controller.find_ports(text, transport), "Searching services")

    def _on_address_asked(self) -> None:
        try:
            self.controller.inspect(self.address.address.text().strip())
        except LocalMisuse:
            # The state shows it, and the field its place.
            return

    def _on_example_asked(self) -> None:
        self.address.next_example()
        self._on_address_asked()

    def _on_judge_asked(self) -> None:
        own, target = self.interfaces.own.text().strip(), self.interfaces.target.text().strip()
        self._launch("interfaces", self.controller.judge(own, target), f"Comparing with {target}")

    def _on_list_asked(self) -> None:
        self._launch("interfaces", self.controller.read_interfaces(), "Reading interfaces")

    def _on_route_asked(self) -> None:
        from workbench.protocols.route.values import Plan

        host = self.route.host.text().strip()
        plan = Plan(rounds=0, pause_ms=1000) if self.route.again.isChecked() else Plan()
        work = self.controller.trace(host, plan, with_names=self.route.names.isChecked())
        self._launch("route", work, f"Probing the way to {host}")

    def _on_route_stopped(self) -> None:
        if (job := self._jobs.get("route")) is not None:
            job.cancel()

    def _on_reach_asked(self) -> None:
        self._launch("reach", self._look_around(self.reach.chosen_bind), "Looking who reaches the port")

    async def _look_around(self, bind: Bind) -> None:
        if bind.is_for_all and not self.controller.state.agreed:
            detail = (
                f"{bind.purpose}. The server says nothing, and is closed as soon as every address was called."
            )
            if not await confirm(self, "Listen for everybody?", detail, "Listen"):
                return
            self.controller.agree()
        text, transport = self.reach.port.text(), str(self.reach.transport.currentData())
        await self.controller.look_around(text, transport, bind)

    def _on_lookup_asked(self) -> None:
        self._looked_up = "results"
        self._launch("lookup", self.controller.look_up(self.lookup.arguments), "Asking the system")

    def _on_ipv6_asked(self) -> None:
        self._looked_up = "layers"
        self._launch("lookup", self.controller.test_ipv6(self.lookup.host.text().strip()), "Testing IPv6")

    def _on_own_asked(self) -> None:
        self._looked_up = "own"
        self._launch("lookup", self.deciding.derive_own_names(), "Deriving this machine's names")

    def _on_needs_ticked(self) -> None:
        self.deciding.advise(self.transport.needs)

    def _on_transport_tried(self, target: str) -> None:
        self._bench.open("sockets", target, "")

    def _on_size_chosen(self) -> None:
        size, family = self.datagram.octets.value(), self.datagram.chosen_family
        if (job := self._jobs.get("datagram")) is not None and job.is_running:
            # One that is being tried is of another size, and over.
            self._launch("datagram", self.deciding.judge_size_next(size, family), "Judging a size")
        else:
            self.deciding.judge_size(size, family)

    def _on_datagram_tried(self) -> None:
        size, family = self.datagram.octets.value(), self.datagram.chosen_family
        work = self.deciding.try_datagram(size, family, parse_target(ECHO))
        self._launch("datagram", work, f"Sending a datagram of {size:,} octets")

    def _on_connect_asked(self) -> None:
        if target := self.lookup.chosen_target:
            self._bench.open("sockets", target, "")

    def _on_offer_taken(self) -> None:
        offers = {
            "ports": (self.ports.search, ""),
            "address": (self.address.address, "0x7f000001"),
            "route": (self.route.host, LOOPBACK),
            "lookup": (self.lookup.host, "localhost"),
        }
        sheet = self.current
        if sheet.which == "interfaces":
            self._on_list_asked()
            return
        if sheet.which == "transport":
            self.transport.tick(("integrity", "dialogue", "large"))
            return
        if sheet.which == "lookup":
            self.lookup.port.setText("http")
        if (offer := offers.get(sheet.which)) is not None:
            offer[0].setText(offer[1])
        sheet.asked.emit()

    def _on_dismissed(self) -> None:
        self.controller.dismiss(self.current.which)

    def _on_edited(self) -> None:
        if not self._is_restoring:
            self.draft_changed.emit()

    def _on_event_asked(self, index: int) -> None:
        self._bench.show_event(index)

    def _launch(self, which: SheetId, work: Coroutine[Any, Any, None], title: str) -> None:
        """A new question takes the place of the sheet's last one."""
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        before = self._jobs.get(which)
        if before is not None:
            before.cancel()
        self._jobs[which] = self._scope.launch(work, name=which, title=title)
        self._bench.registry.refresh(CONTEXT)

    # ---- showing

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    def _render(self, state: AddressesState) -> None:
        self.ports.show_used(self._shows_used)
        self.lookup.show_as(self._looked_up)
        for sheet in self.sheets:
            sheet.show_sheet(state.sheet(sheet.which))
        self.ports.show_suggestion(state.suggested)
        self.interfaces.show_comparison(state.comparison)
        self.route.show_running(state.sheet("route").is_running)
        self.reach.show_binds(self.controller.binds())
        self._bench.registry.refresh(CONTEXT)


def host_of(target: str) -> str:
    """The host of HOST:PORT, [V6]:PORT or a URL; another text as it is."""
    try:
        parsed = parse_target(target, default_port=0, services=True)
    except LocalMisuse:
        return target
    return parsed.host if parsed.scheme not in ("lab", "unix", "sqlite") else target
