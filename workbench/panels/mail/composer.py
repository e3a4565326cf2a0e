"""What a person does to write a letter and to hand it to a server. No Qt."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.mime.compose import (
    Attachment,
    Built,
    Draft,
    Stamp,
    building,
    media_type_for,
    new_stamp,
)
from workbench.formats.mime.files import FileOctets
from workbench.formats.mime.html_draw import text_of_html
from workbench.formats.quantity import count, octets
from workbench.jobs.offload import in_thread
from workbench.jobs.verdict import Verdict
from workbench.panels.mail.copying import send_again, submission_recipe
from workbench.panels.mail.entrance import LabOffers, way_in
from workbench.panels.mail.slices import in_slices
from workbench.panels.mail.state import AttachedFile, ComposerState, Sent
from workbench.panels.mail.talking import Talking, progress, sentence
from workbench.panels.routes import RelayStarter
from workbench.protocols.smtp.client import submit
from workbench.protocols.smtp.code import Recipe
from workbench.protocols.smtp.values import Envelope, Recipient, Submission
from workbench.transcript.recorder import Transcript

MAX_FILES = 100
MAX_ATTACHED = 64 * 1024 * 1024
"""Octets of all files together; servers commonly take 25 MB."""


class ComposerController(Talking[ComposerState]):
    """The composer; its arguments are the reader's. now: the clock with this machine's zone."""

    def __init__(
        self,
        new_transcript: Callable[[], Transcript],
        lab: LabOffers,
        *,
        relay: RelayStarter | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(ComposerState(), new_transcript)
        self._lab = lab
        self._relay = relay
        self._now = now or _now
        self._stamp: Stamp | None = None
        self._octets: dict[str, bytes] = {}
        self._recipe: Recipe | None = None

    # ---- composing

    def compose(self, **fields: object) -> None:
        """Replace fields of the access."""
        self.replace(access=replace(self.state.access, **fields))  # type: ignore[arg-type]  # names checked by replace

    def write(self, **fields: str) -> None:
        """Replace fields of the draft; what was built of it is out of date then."""
        draft = self.state.draft._replace(**fields)  # type: ignore[arg-type]  # the fields that are texts
        if draft != self.state.draft:
            self.replace(draft=draft)

    async def attach(self, path: str) -> None:
        """One more file goes along. Raises: LocalFault, LocalMisuse; which are also the state's problem."""
        try:
            if len(self.state.files) >= MAX_FILES:
                raise LocalMisuse(f"{MAX_FILES} files are attached already", stage="attach")
            source = await in_thread(FileOctets, path)
            size = source.size
            source.close()
            _check_sum(sum(file.size for file in self.state.files) + size)
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        name = path.rpartition("/")[2]
        self._octets.pop(path, None)
        file = AttachedFile(path, name, media_type_for(name), size)
        self.replace(files=(*(each for each in self.state.files if each.path != path), file), problem=None)

    def detach(self, at: int) -> None:
        """A file stays here."""
        files = self.state.files
        if 0 <= at < len(files):
            self._octets.pop(files[at].path, None)
            self.replace(files=files[:at] + files[at + 1 :])

    def restore_files(self, files: tuple[AttachedFile, ...]) -> None:
        """The files of an earlier run; they are read when the letter is built."""
        self.replace(files=files[:MAX_FILES])

    def text_from_html(self) -> None:
        """Make the plain text from the HTML."""
        self.write(text=text_of_html(self.state.draft.html))

    # ---- the letter

    async def preview(self) -> None:
        """Build the letter as it is now; what is wrong with it stands in the state."""
        try:
            built = await self._built()
        except WorkbenchError as failure:
            self.replace(built=None, fault=failure)
            return
        self.replace(built=built, fault=None)

    async def _built(self) -> Built:
        draft = self.state.draft
        stamp = self._stamp = self._stamp or new_stamp(self._now())
        attachments = [await self._read(file) for file in self.state.files]
        return await in_slices(building(draft._replace(attachments=tuple(attachments)), stamp))

    async def _read(self, file: AttachedFile) -> Attachment:
        data = self._octets.get(file.path)
        if data is None:
            source = await in_thread(FileOctets, file.path)
            try:
                _check_sum(source.size)
                data = await in_thread(source.read, 0, source.size)
            finally:
                source.close()
            self._octets[file.path] = data
        return Attachment(file.name, file.media_type, data)

    # ---- sending

    async def send(self) -> None:
        """Hand the letter to the server. Raises: WorkbenchError, which is also the state's problem."""
        # The date of a letter is when it is sent, not when it was begun.
        self._stamp = new_stamp(self._now())
        self.replace(
            is_sending=True,
            stage="",
            problem=None,
            results=(),
            verdict=Verdict("running", "sending", f"to {self.state.access.target} …"),
        )
        try:
            built = await self._built()
            self.replace(built=built, fault=None)
            if built.lacks:
                raise LocalMisuse("; ".join(built.lacks), stage="envelope", advice="fill in the address")
            self.new_talk()
            way = await way_in(self.state.access, "smtp", self.password, self._lab, self._relay)
            submission = await submit(
                Envelope(built.sender, built.recipients),
                built.data,
                way.target,
                self.transcript,
                login=way.login,
                security=way.security,
                trust=way.trust,
                resolver=way.resolver,
                timeout_s=self.timeout_s,
                report=self.tell,
                on_recipient=self._heard,
                progress=progress,
            )
            self._told(submission, built)
            peer = self.transcript.channels[submission.channel].peer
            envelope = Envelope(built.sender, built.recipients)
            self._recipe = submission_recipe(peer, envelope, submission, way.certificates)
        except WorkbenchError as failure:
            what = Verdict("bad", failure.stage or "failed", sentence(failure))
            self.replace(problem=failure, verdict=what)
            raise
        finally:
            if self.state.verdict.kind == "running":
                self.replace(verdict=Verdict("info", "stopped", "the sending was stopped"))
            self.replace(is_sending=False)

    def _heard(self, recipient: Recipient) -> None:
        sent = Sent(recipient.address, recipient.accepted, recipient.reply)
        self.replace(results=(*self.state.results, sent))

    def _told(self, submission: Submission, built: Built) -> None:
        of = len(submission.recipients)
        taken = sum(each.accepted for each in submission.recipients)
        size = octets(len(built.data))
        if submission.verdict == "all":
            self._stamp = None
            what = Verdict("good", "accepted", f"{size} for {count(of, 'recipient')}: {submission.reply}")
        elif submission.verdict == "some":
            what = Verdict("warning", "in part", f"accepted for {taken} of {of}: {submission.reply}")
        else:
            what = Verdict("bad", "refused", f"for all of {count(of, 'recipient')}: {submission.reply}")
        self.replace(verdict=what)

    # ---- leaving as code

    def copy_as_python(self) -> str:
        """The sending as a script. Raises: LocalMisuse: nothing was sent yet."""
        return send_again(self._recipe, "python")

    def copy_as_swaks(self) -> str:
        """As copy_as_python()."""
        return send_again(self._recipe, "swaks")

    def copy_as_curl(self) -> str:
        """As copy_as_python()."""
        return send_again(self._recipe, "curl")

    def clear(self) -> None:
        """Begin another letter; the sender stays."""
        self._stamp = None
        self._octets.clear()
        self.replace(
            draft=Draft(sender=self.state.draft.sender),
            files=(),
            built=None,
            fault=None,
            results=(),
            problem=None,
            verdict=Verdict(),
        )

    def close(self) -> None:
        """Give everything back."""
        self._octets.clear()
        self.transcript.close()


def _check_sum(size: int) -> None:
    if size > MAX_ATTACHED:
        raise LocalFault(
            f"the files have {octets(size)} together, more than {octets(MAX_ATTACHED)}",
            stage="attach",
            advice="send a link instead; few servers would take it",
        )


def _now() -> datetime:
    return datetime.now().astimezone()
