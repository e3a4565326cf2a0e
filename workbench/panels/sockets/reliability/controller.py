"""What the page does: sends the messages by both transports through relays, and keeps both ledgers. No Qt."""

from collections.abc import Callable

from workbench.errors import WorkbenchError
from workbench.formats.target import parse_target
from workbench.jobs.job import current_job
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter
from workbench.panels.sockets.reliability.state import Faults, ReliabilityState
from workbench.protocols.reliability.client import WITHIN_S, by_tcp, by_udp
from workbench.protocols.reliability.ledger import Ledger
from workbench.transcript.recorder import Transcript

UDP_SERVER, TCP_SERVER = parse_target("lab:udp-echo"), parse_target("lab:echo")


class ReliabilityController(Observed[ReliabilityState]):
    """One comparison at a time.

    Args:
        new_transcript: makes the one that a comparison is recorded in.
        relay: starts the relays of the faulty path.
    """

    def __init__(self, new_transcript: Callable[[], Transcript], relay: RelayStarter) -> None:
        self.transcript = new_transcript()
        super().__init__(ReliabilityState())
        self._new_transcript = new_transcript
        self._relay = relay
        self.timeout_s = WITHIN_S

    def compose(self, faults: Faults) -> None:
        """Take other faults for the next comparison."""
        self.replace(faults=faults)

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    async def compare(self) -> None:
        """Send by UDP, then by TCP. Raises: WorkbenchError, shown too."""
        old, self.transcript = self.transcript, self._new_transcript()
        old.close()
        self.replace(phase="running", stage="", udp=None, tcp=None, info=None, problem=None)
        try:
            await self._by_udp(self.state.faults)
            await self._by_tcp(self.state.faults)
            self.replace(phase="done", stage="")
        except WorkbenchError as failure:
            self.replace(phase="failed", problem=failure)
            raise
        finally:
            if self.state.is_running:
                self.replace(phase="done", stage="stopped")

    async def _by_udp(self, faults: Faults) -> None:
        self._tell("UDP")
        path = await self._relay(
            UDP_SERVER,
            direction="to-server",
            drop_percent=faults.drop_percent,
            duplicate_percent=faults.duplicate_percent,
            reorder=faults.reorder,
            corrupt_percent=faults.corrupt_percent,
            delay_ms=faults.delay_ms,
            seed=faults.seed,
        )
        outcome = await by_udp(path.target, faults.count, self.transcript, report=self._udp_came)
        self.replace(udp=outcome.ledger)

    async def _by_tcp(self, faults: Faults) -> None:
        self._tell("TCP")
        wanted: dict[str, object] = {"direction": "to-server", "delay_ms": faults.delay_ms}
        if faults.changed_octet >= 0:
            wanted["flip"] = faults.changed_octet
        path = await self._relay(TCP_SERVER, **wanted)
        outcome = await by_tcp(
            path.target, faults.count, self.transcript, timeout_s=self.timeout_s, report=self._tcp_came
        )
        self.replace(tcp=outcome.ledger, info=outcome.info)

    def _udp_came(self, ledger: Ledger) -> None:
        self.replace(udp=ledger)

    def _tcp_came(self, ledger: Ledger) -> None:
        self.replace(tcp=ledger)

    def _tell(self, stage: str) -> None:
        if (job := current_job()) is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)
