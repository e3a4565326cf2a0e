"""What the race does: dial by a policy, wait for the first octet, and read the lanes from what was recorded. No Qt."""

from contextlib import suppress
from dataclasses import replace

from workbench.errors import LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.charset import visible
from workbench.formats.target import Target, parse_target
from workbench.panels.observed import Observed
from workbench.panels.sockets.readiness.state import RaceState
from workbench.protocols.raw import code
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver, dial_among
from workbench.wire.race import lanes_of
from workbench.wire.stream import Stream
from workbench.wire.watched import Silence

HEAD = b"HEAD / HTTP/1.0\n\n"
"""As the book's client asks: its lines end with LF alone, which many servers let pass (RFC 9112 section 2.2)."""
BARE = "line ends are LF: many servers let that pass, HTTP asks for CR LF (RFC 9112 section 2.2)"
ANSWER_WITHIN_S = 5.0
MAX_TARGETS = 20
MAX_ANSWER = 200


class RaceController(Observed[RaceState]):
    """One race at a time.

    Args:
        transcript: where all is recorded; whoever made it closes it.
        resolver: knows the Lab's names.
    """

    def __init__(self, transcript: Transcript, resolver: TargetResolver) -> None:
        self.transcript = transcript
        self.timeout_s = 30.0
        super().__init__(RaceState())
        self._resolver = resolver
        self._silence: Silence | None = None
        self._reached: Target | None = None

    def compose(self, **fields: object) -> None:
        """Replace fields of the form."""
        self.replace(form=replace(self.state.form, **fields))  # type: ignore[arg-type]  # names checked by replace

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    def example(self) -> None:
        """Compose a race on this machine: one address is silent, one refuses, one answers. Raises: LocalFault."""
        if self._silence is None:
            self._silence = Silence()
        refusing = self._silence.place.replace("127.0.0.2", "127.0.0.3")
        self.compose(target=f"{self._silence.place} {refusing} lab:ticker", asks=False)

    async def run(self) -> None:
        """The race, to the first octet. Raises: WorkbenchError, shown too."""
        channel = len(self.transcript.channels)
        self.replace(is_running=True, problem=None, lanes=(), answer="", remark="", channel=channel)
        uncut = self.transcript.observe(self._on_more)
        try:
            form = self.state.form
            stream = await dial_among(
                read_targets(form.target),
                self.transcript,
                resolver=self._resolver,
                timeout_s=self.timeout_s,
                policy=form.policy,
                numeric=form.numeric,
            )
            self._reached = parse_target(stream.peer)
            await self._first_octet(stream)
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        finally:
            uncut()
            self.replace(is_running=False, lanes=lanes_of(self.transcript, channel))

    def copy_as_python(self) -> str:
        """The connection that won as a script. Raises: LocalMisuse: nothing was reached yet."""
        if self._reached is None:
            raise LocalMisuse("nothing was reached yet", stage="copy", advice="run the race first")
        return code.python(code.Recipe(self._reached, sends=(HEAD,) if self.state.form.asks else ()))

    async def retire(self) -> None:
        """Give all back."""
        if self._silence is not None:
            self._silence.close()

    async def _first_octet(self, stream: Stream) -> None:
        try:
            if self.state.form.asks:
                await stream.send(HEAD)
                self.replace(remark=BARE)
            data = b""
            # A server that waits for us to speak is no failure of a race.
            with suppress(TooSlow):
                data = await stream.read(timeout_s=min(ANSWER_WITHIN_S, self.timeout_s))
            line = data[:MAX_ANSWER].decode("utf-8", "backslashreplace").splitlines()
            self.replace(answer=visible(line[0]) if line else "")
        finally:
            await stream.aclose()

    def _on_more(self, transcript: Transcript) -> None:
        self.replace(lanes=lanes_of(transcript, self.state.channel))


def read_targets(text: str) -> tuple[Target, ...]:
    """One target, or several with blanks between them. Raises: LocalMisuse with the place of the wrong one."""
    found: list[Target] = []
    place = 0
    for word in text.split():
        start = text.index(word, place)
        place = start + len(word)
        try:
            target = parse_target(word)
        except LocalMisuse as misuse:
            misuse.text, misuse.start = text, start + (misuse.start or 0)
            misuse.end = start + (misuse.end if misuse.end is not None else len(word))
            raise
        found.append(target)
    if not found:
        raise LocalMisuse(
            "a target is missing", text=text, start=0, end=0, advice="name one, or take the example"
        )
    if len(found) > MAX_TARGETS:
        raise LocalMisuse(
            f"{len(found)} targets are too many for one race", advice=f"{MAX_TARGETS} are the most"
        )
    return tuple(found)
