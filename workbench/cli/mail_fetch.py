"""`workbench mail fetch`: one letter, octet for octet."""

import hashlib
from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.mail_session import MailVerb, Watched, check_no_folder, folder_of, reading_kind
from workbench.cli.output import Output
from workbench.errors import LocalMisuse
from workbench.formats.mime.files import save_new
from workbench.formats.quantity import octets
from workbench.jobs.offload import in_thread


def fetch_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that fetches. Raises: LocalMisuse, LocalFault; the coroutine what the engines raise."""
    kind = reading_kind(parsed["TARGET"])
    if kind == "pop":
        check_no_folder(parsed["TARGET"])
    if output.as_json and parsed["--output"] is None:
        raise LocalMisuse(
            "--json can't share standard output with a letter",
            advice="add --output FILE, or leave --json out",
        )
    return _Fetch(parsed, output, kind, logs_in=True).run(
        parsed["NUMBER"], parsed.flag("--seq"), parsed["--output"]
    )


class _Fetch(MailVerb):
    async def run(self, number: int, by_seq: bool, out: str | None) -> int:
        self.told = {"out": out}
        async with self.conversation() as conversation:
            login = await self.login(conversation)
            assert login is not None
            # Both take the same arguments.
            known: dict[str, Any] = {
                "login": login,
                "security": self.security,
                "trust": await self.trust(conversation),
                "resolver": self.resolver(conversation),
                "timeout_s": self.timeout_s,
            }
            try:
                fetch = self._by_pop if self.kind == "pop" else self._by_imap
                letter = await fetch(conversation.transcript, known, number, by_seq)
            finally:
                self.output.status("")
            self.told |= {"octets": len(letter), "sha256": hashlib.sha256(letter).hexdigest()}
            if out is not None:
                await in_thread(save_new, out, [letter])
        if out is None:
            self.output.octets(letter)
        elif not self.output.as_json:
            self.output.note(f"{octets(len(letter))} in {out}")
        return self.done()

    async def _by_imap(self, transcript: Any, known: dict[str, Any], number: int, by_seq: bool) -> bytes:
        from workbench.protocols.imap.client import open_imap

        async with await open_imap(self.target, transcript, **known) as session:
            self.told |= {"greeting": session.greeting, "secured": session.secured, "user": session.user}
            self.told["folder"] = folder_of(self.target)
            await session.examine(folder_of(self.target))
            uid = await session.uid_of(number) if by_seq else number
            self.told["uid"] = uid
            return await session.letter(uid, Watched(self.output, f"letter {uid}"))

    async def _by_pop(self, transcript: Any, known: dict[str, Any], number: int, _by_seq: bool) -> bytes:
        from workbench.protocols.pop.client import open_pop

        async with await open_pop(self.target, transcript, **known) as session:
            self.told |= {"greeting": session.greeting, "secured": session.secured, "user": session.user}
            self.told["seq"] = number
            return await session.letter(number, Watched(self.output, f"letter {number}"))
