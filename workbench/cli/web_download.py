"""`workbench web get --output FILE` with --resume or --retries: attempts, told as they end, and how to go on."""

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.errors import LocalMisuse
from workbench.formats.quantity import octets
from workbench.protocols.http.attempts import Attempt, Downloaded
from workbench.protocols.http.download import Ways, download
from workbench.protocols.http.kept import KeptFile
from workbench.protocols.http.resume import Plan, Policy, asking
from workbench.protocols.http.values import Request
from workbench.transcript.recorder import Transcript

RETRIES = 3
"""With --resume, where nobody said how many."""


class Wish:
    """What the command line asks for. Raises: LocalMisuse: it contradicts itself, or FILE is no name for a file."""

    def __init__(self, parsed: Parsed, request: Request, output: Output) -> None:
        path: str | None = parsed["--output"]
        self.resume = parsed.flag("--resume")
        if path is None:
            named = "--resume" if self.resume else "--retries"
            raise LocalMisuse(f"{named} without a file to go on with", advice="add --output FILE")
        if self.resume and parsed.flag("--compressed"):
            raise LocalMisuse(
                "--compressed asks for octets that the server makes anew each time: nobody can go on with them",
                advice="leave it out with --resume",
            )
        asking(request, Plan())
        retries: int | None = parsed["--retries"]
        if retries is None:
            retries = RETRIES
        self.policy = Policy("resume" if self.resume else "again", retries)
        self.file = KeptFile(path)
        self.attempts: tuple[Attempt, ...] = ()
        self._output = output

    async def fetched(self, request: Request, transcript: Transcript, ways: Ways) -> Downloaded:
        """Download it. Raises: as download()."""
        return await download(
            request, transcript, self.file, policy=self.policy, resume=self.resume, ways=ways
        )

    def heard(self, attempts: tuple[Attempt, ...]) -> None:
        """Keep them; the conversation tells a person of each."""
        self.attempts = attempts

    def tell_rest(self) -> None:
        """Where what came stands, and how to go on; nothing where it is whole or nothing came."""
        where = self.file.file
        if self.file.is_whole or not where or self._output.as_json:
            return
        self._output.note(
            f"{octets(self.file.octets)} stand in {where}; the same command, with --resume, goes on there"
        )

    def document(self) -> dict[str, object]:
        """What JSON shows of it beside the exchange."""
        file = self.file
        return {
            "attempts": [attempt.as_dict() for attempt in self.attempts],
            "saved": {
                "file": file.file or None,
                "octets": file.octets,
                "sha256": file.sha256,
                "complete": file.is_whole,
            },
        }


def wish_of(parsed: Parsed, request: Request, output: Output) -> Wish | None:
    """The download that was asked for; None where it is a request like any. Raises: LocalMisuse."""
    if parsed.flag("--resume") or parsed["--retries"] is not None:
        return Wish(parsed, request, output)
    return None
