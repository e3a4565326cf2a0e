"""`workbench transcript replay`: what was sent is sent again, and the answers are compared with those of then."""

import time
from collections.abc import Coroutine, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.fields import name_options
from workbench.cli.output import Output
from workbench.cli.saved_file import read_saved
from workbench.cli.talk_tls import OPTIONS, TLS_ARGUMENTS, prepared
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import LocalMisuse, Refused, WorkbenchError
from workbench.formats.quantity import octets
from workbench.protocols.raw.recorded import Recorded, measure
from workbench.protocols.raw.replay import Replayed, replay
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.protocols.raw.protection import Prepared
    from workbench.protocols.raw.talk import Secure


def replay_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read the conversation, and return the coroutine that has it again.

    Raises: what read_saved, measure and read_tls_of raise; LocalFault: the transcript file can't be written. The
        coroutine raises Refused when the answers differ; else what the engine raises.
    """
    target = parsed["TARGET"]
    if target.scheme not in ("lab", "tcp", "udp", "unix"):
        raise LocalMisuse(
            f"{target} is no address that a socket can connect to",
            text=target.text,
            start=0,
            end=len(target.text),
            advice="use HOST:PORT, unix:PATH or lab:NAME",
        )
    saved = read_saved(parsed["FILE"], output.note)
    try:
        recorded = measure(saved, parsed["--channel"])
        tls = read_tls_of(parsed, recorded)
        return _Replay(parsed, saved, recorded, tls, output).run(transcript_file(parsed))
    except BaseException:
        saved.close()
        raise


def read_tls_of(parsed: Parsed, recorded: Recorded) -> "Prepared | None":
    """The TLS of the replay: as it was then, unless it is not wanted. None: there was none, or --clear.

    Raises: LocalMisuse: options of TLS where there is none; a mistake in them; LocalFault: a file can't be read.
    """
    has_tls = recorded.tls is not None and not parsed.flag("--clear")
    if not has_tls:
        for argument in TLS_ARGUMENTS:
            if argument.name != "--tls" and parsed[argument.name] not in (None, False):
                why = (
                    "--clear leaves it out"
                    if recorded.tls is not None
                    else "there was none in this conversation"
                )
                raise LocalMisuse(f"{argument.name} says how TLS is done, and {why}", advice="leave it out")
        return None
    sni = parsed["--sni"]
    name = "target" if sni is None else "other" if sni else "none"
    options = dict(OPTIONS)
    fields = {"name": name}
    if parsed["--alpn"] is None and recorded.tls is not None:
        del options["alpn"]
        fields["alpn"] = ",".join(recorded.tls.alpn)
    return prepared(parsed, parsed["TARGET"], "client", options, **fields)


class _Replay:
    def __init__(
        self, parsed: Parsed, saved: Transcript, recorded: Recorded, tls: "Prepared | None", output: Output
    ) -> None:
        self._parsed = parsed
        self._saved = saved
        self._recorded = recorded
        self._tls = tls
        self._output = output
        self._replayed: Replayed | None = None
        self._started_ns = time.monotonic_ns()

    async def run(self, file: TranscriptFile | None) -> int:
        output = self._output
        is_udp = self._recorded.transport == "udp"
        conversation = Conversation(output, file, self._summary, datagrams=is_udp)
        with closing(self._saved):
            async with conversation:
                secure = None
                if self._tls is not None:
                    secure = (await self._tls.protection(conversation.lab_authority)).secure
                self._replayed = replayed = await self._again(conversation, secure)
        self._tell(replayed)
        return 0

    async def _again(self, conversation: Conversation, secure: "Secure | None") -> Replayed:
        parsed = self._parsed
        try:
            return await replay(
                self._saved,
                self._recorded,
                parsed["TARGET"],
                conversation.transcript,
                speed=parsed["--speed"],
                resolver=conversation.resolve,
                timeout_s=parsed["--timeout"],
                secure=secure,
            )
        except WorkbenchError as failure:
            name_options(failure)
            raise

    def _tell(self, replayed: Replayed) -> None:
        """Raises: Refused when the answers differ."""
        differences = replayed.differences
        if differences:
            if replayed.offset is not None and not self._output.as_json:
                self._output.note(f"then: {replayed.then.hex(' ') or 'nothing more'}")
                self._output.note(f"now:  {replayed.now.hex(' ') or 'nothing more'}")
            raise Refused("; ".join(differences), stage="replay", committed="yes")
        if self._output.as_json:
            self._output.document(self._output.so_far, ok=True)
        else:
            told = f"sent {octets(replayed.sent)}, received {octets(replayed.received)}"
            self._output.note(f"{told}: every octet as it was then")

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        recorded, replayed, parsed = self._recorded, self._replayed, self._parsed
        summary: dict[str, object] = {
            "file": parsed["FILE"],
            "channel": recorded.channel,
            "target": str(parsed["TARGET"]),
            "transport": recorded.transport,
            "tls": {"then": recorded.tls is not None, "now": self._tls is not None},
            "peer": (transcript.channels[0].peer if transcript.channels else "") or None,
            "speed": parsed["--speed"],
            "then": {"sent": recorded.sent, "received": recorded.received, "end": recorded.end or None},
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
        }
        if replayed is None:
            return summary
        difference = None
        if replayed.offset is not None:
            difference = {
                "offset": replayed.offset,
                "then_hex": replayed.then.hex(),
                "now_hex": replayed.now.hex(),
            }
        return {
            **summary,
            "now": {"sent": replayed.sent, "received": replayed.received, "end": replayed.end or None},
            "equal": not replayed.differences,
            "difference": difference,
            "differences": replayed.differences,
        }
