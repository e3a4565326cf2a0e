"""`workbench mail send`: a letter to a server, with a word on each recipient."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.mail_session import MailVerb, Watched
from workbench.cli.output import Output
from workbench.errors import LocalMisuse, Refused
from workbench.formats.charset import visible
from workbench.formats.mime.addresses import read_addresses
from workbench.formats.mime.fields import hidden, read_block, unfold
from workbench.formats.mime.files import read_letter
from workbench.formats.mime.values import through
from workbench.jobs.offload import in_thread
from workbench.protocols.smtp.addresses import check_address
from workbench.protocols.smtp.client import submit
from workbench.protocols.smtp.values import Envelope, Recipient, Submission

RECIPIENTS = ("to", "cc", "bcc")


def send_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that sends.

    Raises: LocalMisuse, LocalFault. The coroutine raises Refused when somebody does not get the letter; else what the
        engine raises.
    """
    return _Send(parsed, output).run()


class Read:
    """A letter that was read for sending: fields of the header as octets, and the letter without its Bcc."""

    def __init__(self, data: bytes) -> None:
        block = through(read_block(data, 0, {}, lambda *_defect: None, is_first=True))
        self.fields = [(header.key, unfold(data[header.value : header.stop])) for header in block.headers]
        kept, place = bytearray(), 0
        for header in block.headers:
            if header.key == "bcc":
                kept += data[place : header.start]
                place = header.stop
        self.without_bcc = bytes(kept + data[place:])
        self.has_bcc = place > 0

    def addresses(self, *names: str) -> tuple[str, ...]:
        """The addresses of these fields, each once, in order."""
        found: dict[str, None] = {}
        for key, text in self.fields:
            if key in names:
                for address in read_addresses(hidden(text)):
                    if address.address:
                        found[address.address] = None
        return tuple(found)


class _Send(MailVerb):
    def __init__(self, parsed: Parsed, output: Output) -> None:
        super().__init__(parsed, output, "smtp", logs_in=False)
        self._path: str = parsed["FILE"]
        self._from: str | None = parsed["--from"]
        self._to: tuple[str, ...] = parsed["--to"]
        self._recipients: list[dict[str, object]] = []
        for address in (*self._to, self._from or ""):
            check_address(address)

    async def run(self) -> int:
        # In a thread: standard input may take its time, and Ctrl-C must be heard meanwhile.
        letter = await in_thread(read_letter, self._path)
        read = await in_thread(Read, letter)
        envelope = self._envelope(read)
        data = letter if self._to or not read.has_bcc else read.without_bcc
        self.told = {
            "file": self._path,
            "from": envelope.sender,
            "recipients": self._recipients,
            "bcc_removed": data is not letter,
        }
        watched = Watched(self.output, self._path)
        async with self.conversation() as conversation:
            login = await self.login(conversation)
            try:
                submission = await submit(
                    envelope,
                    data,
                    self.target,
                    conversation.transcript,
                    login=login,
                    security=self.security,
                    trust=await self.trust(conversation),
                    resolver=self.resolver(conversation),
                    timeout_s=self.timeout_s,
                    on_recipient=self._was_told,
                    progress=watched,
                )
            finally:
                self.output.status("")
            self._tell(submission)
            if submission.verdict != "all":
                raise _incomplete(submission)
        if not self.output.as_json:
            queued = f", queued as {visible(submission.queue_id)}" if submission.queue_id else ""
            self.output.note(f"the server took the letter for all {len(submission.recipients)}{queued}")
        return self.done()

    def _envelope(self, read: Read) -> Envelope:
        recipients = self._to or read.addresses(*RECIPIENTS)
        if not recipients:
            raise LocalMisuse(
                "nobody is to get this letter: its header names no recipient",
                stage="envelope",
                advice="add --to ADDRESS",
            )
        sender = self._from
        if sender is None:
            senders = read.addresses("sender") or read.addresses("from")
            if not senders:
                raise LocalMisuse(
                    "the letter's header does not say who it is from",
                    stage="envelope",
                    advice="add --from ADDRESS; '' is nobody, as reports of failure have it",
                )
            sender = senders[0]
        return Envelope(sender, recipients)

    def _was_told(self, recipient: Recipient) -> None:
        self._recipients.append(recipient.as_dict())
        if not self.output.as_json:
            mark = "taken  " if recipient.accepted else "refused"
            self.output.line(f"{mark} {visible(recipient.address)}  {visible(recipient.reply)}")

    def _tell(self, submission: Submission) -> None:
        form = submission.letter
        self.told |= {
            "greeting": submission.greeting,
            "secured": submission.secured,
            "user": submission.user,
            "accepted": submission.accepted,
            "verdict": submission.verdict,
            "reply": submission.reply,
            "queue_id": submission.queue_id,
            "octets": form.octets,
            "line_ends_mended": form.ends,
            "dots_doubled": form.stuffed,
        }


def _incomplete(submission: Submission) -> Refused:
    refused = sum(not recipient.accepted for recipient in submission.recipients)
    if submission.accepted:
        what = f"{refused} of {len(submission.recipients)} recipients do not get the letter; it is out for the others"
    elif refused == len(submission.recipients):
        what = "the server refused every recipient; the letter was not sent"
    else:
        what = "the server heard the letter and refused it; nobody gets it"
    return Refused(
        what,
        stage="letter" if submission.accepted or refused < len(submission.recipients) else "envelope",
        reply=submission.reply,
        committed="yes" if submission.accepted else "no",
        source="RFC 5321 section 4.2.1",
    )
