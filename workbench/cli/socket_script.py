"""`workbench socket script`: a script of sends and expectations, carried out step by step."""

import time
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.octets import shown_octets
from workbench.cli.output import Output
from workbench.cli.relayed import relayed
from workbench.cli.socket_script_arguments import SCRIPT_TLS
from workbench.cli.talk_tls import prepared_client, read_stream_tls, securing
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.transport import checked_transport
from workbench.cli.way import read_way
from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.errno_words import symbol_of
from workbench.formats.target import Target
from workbench.protocols.raw.script import Script, parse_script, place_of
from workbench.protocols.raw.script_explain import explain
from workbench.protocols.raw.script_run import ScriptOutcome, StepResult, explained, run_script
from workbench.protocols.raw.script_words import MAX_TEXT
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.protocols.raw.protection import Prepared

MAX_LISTED = 2000
"""Steps that a document lists; the first ones, and how many more there were."""
MAX_OCTETS = 1024
"""Octets of one step that are shown."""
SIGNS = {"passed": "✓", "failed": "✗", "skipped": "·"}


def script_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read the script, and return the coroutine that carries it out.

    Raises: LocalMisuse: a mistake in the script, with its place; LocalFault: the file can't be read. The coroutine
        raises the failure of the step that failed.
    """
    return _Script(parsed, output).run(transcript_file(parsed))


def read_text(path: str, limit: int) -> str:
    """A file of text; "-" is standard input. Raises: LocalFault: it can't be read; LocalMisuse: it is no text."""
    try:
        if path == "-":
            with open(0, "rb", closefd=False) as standard:
                data = standard.read(limit + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(limit + 1)
    except OSError as error:
        what = f"{path} can't be read: {error.strerror}"
        raise LocalFault(what, stage="input", errno_name=symbol_of(error)) from error
    if len(data) > limit:
        raise LocalMisuse(f"{path} is longer than {limit} octets", advice="this is no such file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"{path}, line {line}: octet {data[error.start]:02x} is no UTF-8"
        raise LocalMisuse(what, advice="write other octets as \\xHH or hex HH") from error


def named(path: str, source: str, misuse: LocalMisuse) -> LocalMisuse:
    """The mistake, to be raised, with the file, the line and the column before it."""
    line, column = place_of(source, misuse)
    misuse.what = f"{'-' if path == '-' else Path(path).name}:{line}:{column}: {misuse.what}"
    misuse.args = (misuse.what,)
    return misuse


class _Script:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._output = output
        self._file: str = parsed["FILE"]
        self._target: Target = parsed["TARGET"]
        self._transport, notes = checked_transport(self._target, parsed)
        is_udp = self._transport == "udp"
        source = read_text(self._file, MAX_TEXT)
        try:
            self._script = parse_script(source)
            self._script.check_transport(self._transport)
        except LocalMisuse as misuse:
            raise named(self._file, source, misuse) from misuse
        self._tls = _read_tls(parsed, self._target, self._script, is_udp=is_udp)
        self._starts = self._script.starts_tls
        is_unix = self._target.scheme == "unix"
        self._way = read_way(parsed, is_udp=is_udp, is_unix=is_unix)
        self._relayed = relayed(parsed, is_udp=is_udp, is_unix=is_unix)
        self._timeout_s: float = parsed["--timeout"]
        self._steps: list[StepResult] = []
        self._outcome: ScriptOutcome | None = None
        self._started_ns = time.monotonic_ns()
        for note in notes:
            output.note(note)

    async def run(self, file: TranscriptFile | None) -> int:
        output = self._output
        conversation = Conversation(
            output,
            file,
            self._summary,
            datagrams=self._transport == "udp",
            takes_octets=False,
            tells_sent=False,
            explainer=explain,
        )
        async with conversation:
            try:
                self._outcome = await self._carried_out(conversation)
            except WorkbenchError as failure:
                if failure.stage in ("tls", "proxy"):
                    from workbench.cli.fields import name_options

                    name_options(failure)
                raise
            if (failed := self._outcome.failure) is not None:
                raise _told(failed, self._file, self._steps)
        if output.as_json:
            output.document(output.so_far, ok=True)
        else:
            output.note(explained(self._steps, None))
        return 0

    async def _carried_out(self, conversation: Conversation) -> ScriptOutcome:
        secure = securing(self._tls, conversation.lab_authority) if self._tls is not None else None
        return await run_script(
            self._script,
            self._target,
            conversation.transcript,
            transport=self._transport,
            resolver=self._relayed.resolver(conversation, self._way.proxy),
            timeout_s=self._timeout_s,
            secure=None if self._starts else secure,
            upgrade=secure if self._starts else None,
            way=self._way,
            on_step=self._on_step,
        )

    def _on_step(self, step: StepResult) -> None:
        self._steps.append(step)
        if not self._output.as_json:
            note = f"  ({step.note})" if step.note else ""
            self._output.line(
                f"{SIGNS[step.verdict]} {step.took_ms:9.1f} ms  {step.line:4}  {step.text}{note}"
            )

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        channels = transcript.channels
        left_out = max(0, len(self._steps) - MAX_LISTED)
        verdicts = [step.verdict for step in self._steps]
        return {
            "script": self._file,
            "target": str(self._target),
            "transport": self._transport,
            **self._relayed.document(),
            "local": (channels[0].local if channels else "") or None,
            "peer": (channels[0].peer if channels else "") or None,
            "passed": verdicts.count("passed"),
            "failed": verdicts.count("failed"),
            "skipped": verdicts.count("skipped"),
            "steps": [_shown(step) for step in self._steps[:MAX_LISTED]],
            **({"steps_left_out": left_out} if left_out else {}),
            "unread": self._outcome.left if self._outcome is not None else 0,
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
        }


def _shown(step: StepResult) -> dict[str, object]:
    shown: dict[str, object] = {
        "number": step.number,
        "line": step.line,
        "text": step.text,
        "verdict": step.verdict,
        "t_ms": step.began_ms,
        "elapsed_ms": step.took_ms,
        "note": step.note,
    }
    if step.data:
        whole = len(step.data) <= MAX_OCTETS
        octets = shown_octets(step.data[:MAX_OCTETS], "utf-8", whole=whole)
        shown["data"] = {"octets": len(step.data), **octets, "truncated": not whole}
    return shown


def _told(failure: WorkbenchError, file: str, steps: list[StepResult]) -> WorkbenchError:
    """The failure, to be raised, with the line of the script before it."""
    bad = next((step for step in steps if step.verdict == "failed"), None)
    if bad is not None:
        failure.what = f"{'-' if file == '-' else Path(file).name}:{bad.line}: {failure.what}"
        failure.args = (failure.what,)
    return failure


def _read_tls(parsed: Parsed, target: Target, script: Script, *, is_udp: bool) -> "Prepared | None":
    """TLS from the first octet, or for starttls. Raises: as talk_tls.read_tls."""
    if script.starts_tls:
        if parsed.flag("--tls"):
            what = "--tls begins with TLS, and the script starts it in the middle"
            raise LocalMisuse(what, advice="leave one of them out")
        return prepared_client(parsed, target)
    return read_stream_tls(parsed, target, SCRIPT_TLS, is_udp=is_udp)
