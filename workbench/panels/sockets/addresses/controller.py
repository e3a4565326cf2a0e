"""What the page of ports and addresses does: asks this machine, traces, looks around; keeps what came of it. No Qt.

Each sheet has one job at a time. What goes on is told by the state; a failure stays in its sheet.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.inet import is_digits
from workbench.formats.services import MEANING_OF_ZERO, Directory, Service, check_port, unknown
from workbench.formats.target import Target
from workbench.jobs.offload import in_thread
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.sockets.addresses import lines
from workbench.panels.sockets.addresses.state import SHEETS, AddressesState, Bind, Sheet, SheetId, binds_for
from workbench.transcript.recorder import Transcript
from workbench.wire.interfaces import Interface, own_addresses, read_interfaces, tells_routes, way_to
from workbench.wire.port_names import port_directory
from workbench.wire.port_owners import held_ports, tells_owners
from workbench.wire.port_ranges import may_bind, port_ranges, suggest_port, warning_about

if TYPE_CHECKING:
    from workbench.protocols.route.values import Plan, Trace
    from workbench.wire.lookup import Asked
    from workbench.wire.reverse_name import Claimed

LOOK_WITHIN_S = 2.0


class AddressesController(Observed[AddressesState]):
    """Eight sheets.

    Args:
        new_transcript: makes the one that everything asked here is recorded in.
    """

    def __init__(self, new_transcript: Callable[[], Transcript]) -> None:
        self.transcript = new_transcript()
        super().__init__(AddressesState())
        self.timeout_s = 30.0
        self.directory: Directory | None = None
        self.turns = {each: asyncio.Lock() for each in SHEETS}

    def retire(self) -> None:
        """Give the transcript back."""
        self.transcript.close()

    def dismiss(self, which: SheetId) -> None:
        """Take a failure away."""
        self.put(which, replace(self.state.sheet(which), problem=None))

    # ---- ports

    async def find_ports(self, text: str, transport: str = "") -> None:
        """Search the directory: a number, a name, words. Raises: WorkbenchError, shown too."""
        async with self.working("ports", "looking"):
            directory, ranges = await in_thread(port_directory), port_ranges()
            self.directory = directory
            found = directory.find(text, transport)
            number = text.strip().partition("/")[0]
            if is_digits(number):
                verdict = await self._about(check_port(number), transport, found)
            else:
                told = (
                    f"{len(found):,} of {len(directory):,} entries"
                    if text.strip()
                    else f"{len(found):,} entries"
                )
                table = (
                    "this system's table and IANA's"
                    if directory.has_system
                    else "IANA's: this system has no table"
                )
                verdict = Verdict("good" if found else "warning", "services", f"{told}, from {table}")
                if not found:
                    verdict = verdict._replace(
                        sentence=unknown(directory, text.strip(), transport or "tcp").advice
                    )
            note = (
                f"Below {ranges.first_open} only an administrator may listen; {ranges.low} to {ranges.high} are lent "
                f"to clients. {'' if ranges.is_told else 'This system does not tell: these are the usual ones.'}"
            )
            self.put("ports", Sheet(verdict, lines.service_lines(found, ranges), note=note.strip()))

    async def _about(self, number: int, transport: str, found: tuple[Service, ...]) -> Verdict:
        ranges = port_ranges()
        if number == 0:
            return lines.port_verdict(0, found, ranges, MEANING_OF_ZERO, "", None)
        obstacle = await in_thread(may_bind, number, transport="udp" if transport == "udp" else "tcp")
        free = await self._free_port() if obstacle is not None else None
        self.replace(suggested=free)
        why = obstacle.what if obstacle is not None else ""
        return lines.port_verdict(number, found, ranges, warning_about(number, ranges), why, free)

    async def suggest(self) -> None:
        """A port that is free in every sense. Raises: LocalFault, shown too."""
        async with self.working("ports", "looking"):
            free = await self._free_port()
            self.replace(suggested=free)
            sentence = f"port {free}: listed nowhere, for any program, and nobody on 127.0.0.1 has it now"
            self.put("ports", replace(self.state.sheet("ports"), verdict=Verdict("good", "free", sentence)))

    async def _free_port(self) -> int:
        return await in_thread(suggest_port, await in_thread(port_directory), port_ranges())

    async def used_ports(self, text: str = "") -> None:
        """The ports that are in use here, by whom. Raises: WorkbenchError, shown too."""
        async with self.working("ports", "looking"):
            if not tells_owners():
                raise LocalFault(
                    "this system does not list its sockets", stage="ports", advice="use its own tools"
                )
            port = check_port(text.strip()) if is_digits(text.strip()) else None
            held = await in_thread(held_ports, port)
            servers = sum(one.is_server for one in held)
            where = f"at port {port}" if port is not None else "on this machine"
            verdict = Verdict(
                "good" if held else "info", "in use", f"{len(held)} sockets {where}, {servers} of servers"
            )
            self.put("ports", Sheet(verdict, lines.held_lines(held), note="Servers stand first."))

    async def port_of(self, text: str, transport: str) -> int:
        """A port by number or by service name; "" is 0. Raises: LocalMisuse with the place."""
        text = text.strip()
        if not text:
            return 0
        if is_digits(text) or text.startswith("-"):
            return check_port(text)
        directory = await in_thread(port_directory)
        found = directory.named(text, transport)
        if found is None:
            raise unknown(directory, text, transport)
        return found.port

    # ---- one address

    def inspect(self, text: str) -> None:
        """Take an address apart. Raises: LocalMisuse with the place, shown too."""
        from workbench.formats.notation import inspect_address

        try:
            found = inspect_address(text)
        except LocalMisuse as misuse:
            self.put("address", Sheet(Verdict("bad", "no address", misuse.what), problem=misuse))
            raise
        self.put("address", Sheet(lines.inspection_verdict(found), lines.inspection_lines(found)))

    # ---- interfaces and routes

    async def read_interfaces(self) -> None:
        """List them. Raises: WorkbenchError, shown too."""
        async with self.working("interfaces", "reading"):
            interfaces = self._interfaces()
            up = sum(one.is_up for one in interfaces)
            addresses = sum(len(one.addresses) for one in interfaces)
            sentence = f"{len(interfaces)} interfaces, {up} of them up, {addresses} addresses"
            self.put(
                "interfaces",
                Sheet(Verdict("good", "read", sentence), lines.interface_lines(interfaces, tells_routes())),
            )

    def _interfaces(self) -> tuple[Interface, ...]:
        channel = self.transcript.open("interfaces", "system")
        # On this thread, since it records: the kernel answers within microseconds.
        interfaces = read_interfaces(channel)
        self.replace(interfaces=interfaces)
        return interfaces

    async def judge(self, own: str, target: str) -> None:
        """Is a target on the link of an address of ours (ADDRESS/PREFIX), or behind a router?

        Raises: WorkbenchError, shown too.
        """
        from workbench.formats.notation import inspect_address
        from workbench.formats.subnet import compare

        async with self.working("interfaces", "comparing"):
            mine, other = inspect_address(own), inspect_address(target)
            prefix = mine.prefix if mine.prefix is not None else mine.address.max_prefixlen
            comparison = compare(str(mine.address), prefix, str(other.address))
            channel = self.transcript.open(f"way to {target}", "system")
            where = str(other.address) + (f"%{other.zone}" if other.zone else "")
            way, why = None, ""
            try:
                way = way_to(where, channel)
            except WorkbenchError as failure:
                why = failure.what
            interfaces = self.state.interfaces or self._interfaces()
            self.replace(comparison=comparison)
            verdict = lines.way_verdict(comparison.sentence, comparison.is_direct, way, why)
            self.put("interfaces", Sheet(verdict, lines.interface_lines(interfaces, tells_routes())))

    # ---- the route

    async def trace(self, host: str, plan: "Plan", *, with_names: bool) -> None:
        """Probe the way to a host, until the plan ends or it is cancelled. Raises: WorkbenchError, shown too."""
        from workbench.protocols.route.client import trace_route

        names: dict[str, Claimed] = {}
        naming: dict[str, asyncio.Task[None]] = {}
        seen: list[Trace] = []

        def show(trace: "Trace") -> None:
            seen[:] = [trace]
            is_running = not trace.is_over
            sheet = Sheet(lines.trace_verdict(trace), lines.hop_lines(trace, names), is_running=is_running)
            self.put("route", sheet)
            for address in {each for hop in trace.hops for each in hop.addresses} - naming.keys():
                if with_names:
                    naming[address] = asyncio.create_task(
                        self._name(address, names), name="sockets/route name"
                    )

        async with self.working("route", "resolving"):
            try:
                await trace_route(host, self.transcript, plan, timeout_s=self.timeout_s, progress=show)
                await asyncio.gather(*naming.values())
            finally:
                for task in naming.values():
                    task.cancel()
                await asyncio.gather(*naming.values(), return_exceptions=True)
                if seen:
                    show(seen[0]._replace(is_over=True))

    async def _name(self, address: str, names: "dict[str, Claimed]") -> None:
        from workbench.wire.reverse_name import claimed_name

        names[address] = await claimed_name(address)

    # ---- who reaches a port

    def binds(self) -> tuple[Bind, ...]:
        """The ways to bind that this machine has, as far as its interfaces are known."""
        pairs = own_addresses(self.state.interfaces)
        wide = [(own.address, one.name) for one, own in pairs if "LOOPBACK" not in one.flags and one.is_up]
        return binds_for(tuple((host, name) for host, name in wide if not host.startswith("fe80")))

    def agree(self) -> None:
        """A person has agreed to listen for everybody; nobody is asked again."""
        self.replace(agreed=True)

    async def look_around(self, port_text: str, transport: str, bind: Bind) -> None:
        """Call a port at every address of this machine; with a bind of ours a listener stands there meanwhile.

        Raises: WorkbenchError, shown too.
        """
        from workbench.wire.reach import look_around, places_of

        async with self.working("reach", "calling"):
            port = await self.port_of(port_text, transport)
            if port == 0 and not bind.host:
                raise LocalMisuse(
                    "the port is missing",
                    text=port_text,
                    start=0,
                    end=0,
                    advice="or let a server of ours listen",
                )
            if bind.is_for_all and not self.state.agreed:
                raise LocalMisuse(f"{bind.title}: nobody has agreed to that", advice="agree first")
            places = places_of(self._interfaces())
            async with self._listening(port, transport, bind) as there:
                seen = await look_around(there, transport, places, self.transcript, timeout_s=LOOK_WITHIN_S)
            verdict = lines.reach_verdict(there, seen)
            note = f"{bind.title}: {bind.purpose}." if bind.host else ""
            self.put("reach", Sheet(verdict, lines.reach_lines(seen), note=note))

    @asynccontextmanager
    async def _listening(self, port: int, transport: str, bind: Bind) -> AsyncIterator[int]:
        """The port; where it is ours, somebody listens there as long as the body runs."""
        from workbench.wire.datagram import open_datagram
        from workbench.wire.listen import listen
        from workbench.wire.options import Setting, parse_setting

        if not bind.host:
            yield port
            return
        settings: tuple[Setting, ...] = ()
        if ":" in bind.host:
            settings = (parse_setting(f"V6ONLY={0 if bind.families == '46' else 1}"),)
        target = Target(transport, bind.host, port)
        if transport == "udp":
            datagram = await open_datagram(self.transcript, local=target, settings=settings)
            try:
                yield int(datagram.address.rpartition(":")[2])
            finally:
                await datagram.aclose()
            return
        listener = await listen(target, self.transcript, settings=settings)
        try:
            # Nobody has to accept: the system completes connections by itself, up to the backlog.
            yield listener.port or port
        finally:
            await listener.aclose()

    # ---- looking up

    async def look_up(self, asked: "Asked") -> None:
        """getaddrinfo. Raises: WorkbenchError, shown too."""
        from workbench.wire.lookup import look_up

        async with self.working("lookup", "asking"):
            channel = self.transcript.open(f"getaddrinfo {asked.host or asked.port}", "system")
            results = await look_up(asked, channel, timeout_s=self.timeout_s)
            hosts = {str(one.place[0]) for one in results}
            sentence = f"{len(results)} results for {len(hosts)} addresses: try them in this order"
            if len(results) == 1:
                sentence = f"one result: {results[0].card}"
            verdict = Verdict("good", "found", sentence)
            if asked.host and hosts and all(host.startswith("127.") or host == "::1" for host in hosts):
                sentence = f"{sentence}. Only this machine itself reaches these addresses"
                verdict = verdict._replace(kind="info", sentence=sentence)
            self.put("lookup", Sheet(verdict, lines.result_lines(results), note=f"getaddrinfo({asked.call})"))

    async def test_ipv6(self, name: str) -> None:
        """Every layer of IPv6. Raises: WorkbenchError, shown too."""
        from workbench.wire.ipv6_layers import look_at_layers

        async with self.working("lookup", "testing"):
            layers = await look_at_layers(self.transcript.open("IPv6, layer by layer", "system"), name)
            self.put("lookup", Sheet(lines.layers_verdict(layers), lines.layer_lines(layers)))

    # ---- for what is asked here, and in deciding.py

    @asynccontextmanager
    async def working(self, which: SheetId, word: str) -> AsyncIterator[None]:
        """A question of a sheet: it waits for its turn, and what goes wrong is the sheet's problem."""
        # A question that was replaced by this one tells its end first.
        async with self.turns[which]:
            self.put(which, Sheet(Verdict("running", word, "this takes a moment"), is_running=True))
            try:
                yield
            except asyncio.CancelledError:
                sheet = self.state.sheet(which)
                sentence = sheet.verdict.sentence if sheet.lines else "nothing more is asked"
                stopped = Verdict("info", "stopped", sentence)
                self.put(which, replace(sheet, verdict=stopped, is_running=False))
                raise
            except WorkbenchError as failure:
                verdict = Verdict("bad", failure.errno_name or failure.stage or "failed", failure.what)
                self.put(which, Sheet(verdict, problem=failure))
                raise

    def put(self, which: SheetId, sheet: Sheet) -> None:
        """What came of it."""
        self.replace(sheets={**self.state.sheets, which: sheet})
