"""`workbench mail list`: the letters of a folder, or the folders of a mailbox."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Parsed
from workbench.cli.mail_session import MailVerb, check_no_folder, folder_of, reading_kind
from workbench.cli.output import Output
from workbench.errors import LocalMisuse, Refused
from workbench.formats.charset import visible
from workbench.formats.mime.fields import hidden
from workbench.formats.mime.parse import headers_of
from workbench.formats.mime.words import plain

if TYPE_CHECKING:
    from workbench.protocols.imap.client import ImapSession

WINDOW = 500
"""Letters of one command: the server's answer to it stays small."""
MAX_LISTED = 20_000
"""Letters of one document."""
SHOWN = ("from", "to", "subject", "date")


def list_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that lists. Raises: LocalMisuse, LocalFault; the coroutine what the engines raise."""
    kind = reading_kind(parsed["TARGET"])
    if kind == "pop":
        check_no_folder(parsed["TARGET"])
        if parsed.flag("--folders"):
            raise LocalMisuse("a mailbox of POP3 has no folders", advice="leave --folders out")
        return _ListPop(parsed, output, kind, logs_in=True).run(parsed["--last"])
    return _ListImap(parsed, output, kind, logs_in=True).run(parsed["--last"], parsed.flag("--folders"))


class _ListImap(MailVerb):
    async def run(self, last: int | None, folders: bool) -> int:
        from workbench.protocols.imap.client import open_imap

        async with self.conversation() as conversation:
            login = await self.login(conversation)
            assert login is not None
            async with await open_imap(
                self.target,
                conversation.transcript,
                login=login,
                security=self.security,
                trust=await self.trust(conversation),
                resolver=self.resolver(conversation),
                timeout_s=self.timeout_s,
            ) as session:
                self.told = {"greeting": session.greeting, "secured": session.secured, "user": session.user}
                await (self._folders(session) if folders else self._letters(session, last))
        return self.done()

    async def _folders(self, session: "ImapSession") -> None:
        found = await session.folders()
        self.told |= {"messages": [], "folders": [folder.as_dict() for folder in found]}
        for folder in found:
            self._line(visible(folder.name) + ("" if folder.can_open else "  (holds no letters)"))

    async def _letters(self, session: "ImapSession", last: int | None) -> None:
        name = folder_of(self.target)
        mailbox = await session.examine(name)
        messages: list[dict[str, object]] = []
        self.told |= {
            "folder": name,
            "exists": mailbox.exists,
            "uidvalidity": mailbox.uidvalidity,
            "messages": messages,
        }
        first = max(1, mailbox.exists - min(last or MAX_LISTED, MAX_LISTED) + 1)
        for start in range(first, mailbox.exists + 1, WINDOW):
            for one in await session.summaries(start, min(start + WINDOW - 1, mailbox.exists)):
                message = {
                    "uid": one.uid,
                    "seq": one.seq,
                    "size": one.size,
                    "flags": list(one.flags),
                    "arrived": one.date,
                    **shown_headers(one.header),
                }
                messages.append(message)
                self._line(_line(message, "uid"))

    def _line(self, text: str) -> None:
        if not self.output.as_json:
            self.output.line(text)


class _ListPop(MailVerb):
    async def run(self, last: int | None) -> int:
        from workbench.protocols.pop.client import open_pop

        async with self.conversation() as conversation:
            login = await self.login(conversation)
            assert login is not None
            async with await open_pop(
                self.target,
                conversation.transcript,
                login=login,
                security=self.security,
                trust=await self.trust(conversation),
                resolver=self.resolver(conversation),
                timeout_s=self.timeout_s,
            ) as session:
                self.told = {"greeting": session.greeting, "secured": session.secured, "user": session.user}
                entries = await session.entries()
                messages: list[dict[str, object]] = []
                self.told |= {"exists": len(entries), "messages": messages}
                has_top = True
                for entry in entries[-min(last or MAX_LISTED, MAX_LISTED) :]:
                    header = b""
                    if has_top:
                        try:
                            header = await session.top(entry.number)
                        except Refused:
                            # A server need not have it: then numbers and sizes are all that is known.
                            has_top = False
                    message: dict[str, object] = {
                        "uid": entry.uid,
                        "seq": entry.number,
                        "size": entry.size,
                        **shown_headers(header),
                    }
                    messages.append(message)
                    if not self.output.as_json:
                        self.output.line(_line(message, "seq"))
        return self.done()


def shown_headers(header: bytes) -> dict[str, object]:
    """The four fields of a list as people read them; "" for one that is missing."""
    found = headers_of(header)
    return {name: hidden(plain(found.get(name, ""))) for name in SHOWN}


def _line(message: dict[str, object], number: str) -> str:
    told = (str(message[name]) for name in ("from", "subject"))
    sender, subject = (visible(text)[:limit] for text, limit in zip(told, (32, 60), strict=True))
    return f"{message[number]!s:>6} {message['size']:>10,} {sender:<32} {subject}"
