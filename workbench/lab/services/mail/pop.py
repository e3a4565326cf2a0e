"""The Lab's POP3 server: Twisted's, with STLS, letters given octet for octet, and lies."""

from io import BytesIO
from typing import Any

from zope.interface import implementer

from workbench.lab.services.mail.house import DOMAIN, Account
from workbench.lab.services.mail.library import UnauthorizedLogin, defer, imap4, pop3
from workbench.lab.services.mail.portal import Portal
from workbench.lab.services.mail.service import MailService
from workbench.lab.services.mail.transport import Unhurried


class Pop(MailService):
    """One server."""

    def protocol(self) -> Any:
        """Twisted's, for one client."""
        return LabPop(self)


class LabPop(Unhurried, pop3.POP3):  # type: ignore[misc]  # Twisted's protocols have few types
    """One client."""

    AUTH_CMDS = (*pop3.POP3.AUTH_CMDS, b"STLS")
    schedule = staticmethod(lambda steps: _run(steps))

    def __init__(self, service: Pop) -> None:
        self.service = service
        self.turned = service.turned
        self.portal = Portal(service.house, PopMailbox)
        self.is_secure = service.turned.text("tls") == "implicit"

    def connectionMade(self) -> None:
        """The greeting, with a stamp where APOP is to be had."""
        self.factory = None
        self.magic = self.generateMagic()
        stamp = b" " + self.magic if self.turned.flag("apop") else b""
        self.successResponse(b"Network Workbench Lab POP3" + stamp)

    def generateMagic(self) -> bytes:
        """A stamp that no other conversation has (RFC 1939 section 7)."""
        import secrets

        return f"<{secrets.token_hex(6)}@{DOMAIN}>".encode()

    def listCapabilities(self) -> list[bytes]:
        """What it can do now."""
        told = [b"IMPLEMENTATION Network-Workbench-Lab", b"RESP-CODES", b"AUTH-RESP-CODE"]
        told += [name for name, is_on in ((b"TOP", "top"), (b"UIDL", "uidl")) if self.turned.flag(is_on)]
        if self._may_log_in():
            told.append(b"USER")
        if self.service.lists_tls and not self.is_secure:
            told.append(b"STLS")
        return told

    def not_understood(self) -> None:
        """A line that makes no sense."""
        self.failResponse(b"this is no command")

    def state_COMMAND(self, line: bytes) -> None:
        """One command; Twisted's own writes its log at each that is wrong."""
        try:
            self.processCommand(*line.split(b" "))
        except pop3.POP3Error as error:
            self.failResponse(b"".join(error.args))

    def _may_log_in(self) -> bool:
        return self.is_secure or self.turned.text("tls") != "required"

    def do_STLS(self) -> None:
        """TLS, if there is any."""
        if not self.service.has_tls or self.is_secure or self.mbox is not None:
            self.failResponse(b"no TLS to be had")
            return
        self.successResponse(b"begin TLS")
        self.transport.startTLS(None)
        self.is_secure = True

    def do_USER(self, user: bytes) -> None:
        """Who."""
        if not self._may_log_in():
            self.failResponse(b"[AUTH] STLS comes first")
            return
        super().do_USER(user)

    def authenticateUserPASS(self, user: bytes, password: bytes) -> Any:
        """A Deferred of Twisted's triple."""
        known = imap4.PLAINCredentials()
        known.username, known.password = user, password
        return self.portal.login(known, None, pop3.IMailbox)

    def authenticateUserAPOP(self, user: bytes, digest: bytes) -> Any:
        """As authenticateUserPASS()."""
        if not self.turned.flag("apop"):
            return defer.fail(UnauthorizedLogin())
        return self.portal.login(
            pop3.APOPCredentials(self.magic, user, digest.decode("ascii", "replace")), None, pop3.IMailbox
        )

    def _ebMailbox(self, _failure: Any) -> None:
        self.failResponse(b"[AUTH] the user or the password is wrong")

    def do_UIDL(self, number: bytes | None = None) -> Any:
        """Lasting names."""
        if not self.turned.flag("uidl"):
            return self.failResponse(b"no UIDL here")
        return super().do_UIDL(number)

    def do_RETR(self, number: bytes) -> None:
        """A letter, octet for octet; Twisted's own would take its line ends for others."""
        raw = self._raw(number)
        if raw is not None:
            self.successResponse(b"%d" % len(raw))
            self._send_lines(raw)

    def do_TOP(self, number: bytes, count: bytes) -> None:
        """The header and some lines."""
        if not self.turned.flag("top"):
            self.failResponse(b"no TOP here")
            return
        raw = self._raw(number)
        if raw is None or not count.isdigit():
            return
        header, mark, body = raw.partition(b"\r\n\r\n")
        lines = body.split(b"\r\n")[: int(count)]
        self.successResponse(b"the top of it")
        self._send_lines(header + mark + b"".join(line + b"\r\n" for line in lines))

    def _raw(self, number: bytes) -> bytes | None:
        letters = self.mbox.letters
        if not number.isdigit() or not 1 <= int(number) <= len(letters):
            self.failResponse(b"there is no such letter")
            return None
        raw: bytes = letters[int(number) - 1].raw
        return raw

    def _send_lines(self, raw: bytes) -> None:
        stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
        if self.turned.text("lie") == "unstuffed":
            stuffed = raw
        self.transport.write(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")


@implementer(pop3.IMailbox)
class PopMailbox:
    """The INBOX as it was when the client logged in. What it deletes is gone once it says QUIT."""

    def __init__(self, account: Account) -> None:
        self._inbox = account.inbox
        self.letters = list(account.inbox.letters)
        self._marked: set[int] = set()

    def listMessages(self, index: int | None = None) -> Any:
        """Sizes; 0 for what is marked. Raises: ValueError: no such letter."""
        if index is None:
            return [self._size(at) for at in range(len(self.letters))]
        if not 0 <= index < len(self.letters):
            raise ValueError(index)
        return self._size(index)

    def _size(self, index: int) -> int:
        return 0 if index in self._marked else len(self.letters[index].raw)

    def getMessage(self, index: int) -> BytesIO:
        """A letter."""
        return BytesIO(self.letters[index].raw)

    def getUidl(self, index: int) -> bytes:
        """Its lasting name. Raises: ValueError: no such letter."""
        if not 0 <= index < len(self.letters):
            raise ValueError(index)
        return f"{self._inbox.uidvalidity}.{self.letters[index].uid}".encode()

    def deleteMessage(self, index: int) -> None:
        """Mark it."""
        self._marked.add(index)

    def undeleteMessages(self) -> None:
        """Unmark all."""
        self._marked.clear()

    def sync(self) -> None:
        """Take out what is marked."""
        self._inbox.drop({self.letters[at].uid for at in self._marked})


def _run(steps: Any) -> Any:
    """All steps at once: a list of letters is short."""
    for _ in steps:
        pass
    return defer.succeed(None)
