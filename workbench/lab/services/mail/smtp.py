"""The Lab's SMTP server: Twisted's ESMTP with our envelope, our list of extensions, and switches that say no."""

import itertools
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from workbench.lab.services.mail.house import DOMAIN, Account
from workbench.lab.services.mail.library import defer, smtp
from workbench.lab.services.mail.portal import Portal, mechanisms
from workbench.lab.services.mail.service import MailService
from workbench.lab.services.mail.transport import Unhurried

GREETING = "Network Workbench Lab ESMTP"
MAX_LETTER = 64 * 1024 * 1024
"""Octets, where the switch says nothing: the Lab keeps letters in memory."""
_PATH = re.compile(rb"(?i)\s*(?:FROM|TO):\s*<([^<>\r\n]*)>\s*(.*)\Z")
_ENHANCED = re.compile(rb"[245]\.\d+\.\d+ ")
_PLAIN_CODES = (214, 220, 334, 354)
_numbers = itertools.count(1)


class Smtp(MailService):
    """One server."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.seen_before: set[tuple[str, str]] = set()

    def protocol(self) -> Any:
        """Twisted's, for one client."""
        return LabSmtp(self)


class LabSmtp(Unhurried, smtp.ESMTP):  # type: ignore[misc]  # Twisted's protocols have few types
    """One client."""

    def __init__(self, service: Smtp) -> None:
        turned = service.turned
        super().__init__(mechanisms(turned.text("mechanisms")), service if service.has_tls else None)
        self.service = service
        self.turned = turned
        self.portal = Portal(service.house, _sender)
        self.host = DOMAIN
        self._is_greeted = False
        self._sender: str | None = None
        self._mailboxes: list[Account] = []

    # ---- greeting, extensions

    def greeting(self) -> bytes:
        """Behind 220."""
        return f"{DOMAIN} {GREETING}".encode()

    def sendCode(self, code: int, message: bytes | str = b"") -> None:
        """A reply, with an enhanced code where it has none (RFC 2034 section 4)."""
        data = message.encode() if isinstance(message, str) else message
        if code not in _PLAIN_CODES and not _ENHANCED.match(data) and not data.startswith(DOMAIN.encode()):
            data = b"%d.0.0 %b" % (code // 100, data)
        super().sendCode(code, data)

    def do_EHLO(self, rest: bytes) -> None:
        """The list of what there is."""
        if not self.turned.flag("ehlo"):
            self.sendCode(502, b"5.5.1 no EHLO here")
            return
        self._hello()
        offered = [f"{DOMAIN} greets {rest.decode('utf-8', 'replace')}", "ENHANCEDSTATUSCODES"]
        offered.append(f"SIZE {self.turned.count('size') or MAX_LETTER}")
        offered += [name for name in ("8BITMIME", "SMTPUTF8") if self.turned.flag(name.lower())]
        if self.service.lists_tls and not self.startedTLS:
            offered.append("STARTTLS")
        if self.challengers and (self._may_log_in() or self.turned.text("tls") != "required"):
            offered.append("AUTH " + " ".join(name.decode() for name in self.challengers))
        super().sendCode(250, "\n".join(offered).encode())

    def not_understood(self) -> None:
        """A line that makes no sense."""
        self.sendCode(500, b"5.5.2 this is no command")

    def do_HELO(self, _rest: bytes) -> None:
        """The greeting without a list."""
        self._hello()
        super().sendCode(250, f"{DOMAIN} greets you".encode())

    def _hello(self) -> None:
        self._is_greeted = True
        self._forget()

    def _may_log_in(self) -> bool:
        return bool(self.startedTLS) or self.turned.text("tls") == "implicit"

    def ext_STARTTLS(self, rest: bytes) -> None:
        """TLS, if there is any; the list has to be asked for anew then."""
        self._is_greeted = False
        if rest.strip():
            self.sendCode(501, b"5.5.4 STARTTLS takes nothing")
            return
        super().ext_STARTTLS(rest)

    def ext_AUTH(self, rest: bytes) -> None:
        """A login."""
        if not rest.strip():
            self.sendCode(501, b"5.5.4 which mechanism?")
        elif self.turned.text("tls") == "required" and not self._may_log_in():
            self.sendCode(538, b"5.7.11 only under TLS")
        else:
            super().ext_AUTH(rest)

    def _ebAuthenticated(self, _reason: object) -> None:
        self.sendCode(535, b"5.7.8 the user or the password is wrong")

    # ---- envelope

    def do_MAIL(self, rest: bytes) -> None:
        """Who it is from."""
        if not self._is_greeted:
            self.sendCode(503, b"5.5.1 EHLO comes first")
            return
        if self.turned.text("tls") == "required" and not self._may_log_in():
            self.sendCode(530, b"5.7.0 STARTTLS comes first")
            return
        if self.turned.flag("login") and not self.authenticated:
            self.sendCode(530, b"5.7.0 AUTH comes first")
            return
        if self._sender is not None:
            self.sendCode(503, b"5.5.1 one sender for one letter")
            return
        found = _PATH.match(rest)
        if found is None:
            self.sendCode(501, b"5.5.4 MAIL FROM:<address> is the form")
            return
        options = found.group(2).upper().split()
        size = next((int(o[5:]) for o in options if o.startswith(b"SIZE=") and o[5:].isdigit()), 0)
        if size > self._limit():
            self.sendCode(552, b"5.3.4 that letter is too large for us")
            return
        if not found.group(1).isascii() and b"SMTPUTF8" not in options:
            self.sendCode(553, b"5.6.7 beyond ASCII only with SMTPUTF8")
            return
        self._sender = found.group(1).decode("utf-8", "replace")
        self.sendCode(250, b"2.1.0 sender noted")

    def do_RCPT(self, rest: bytes) -> None:
        """Whom it is for."""
        if self._sender is None:
            self.sendCode(503, b"5.5.1 MAIL comes first")
            return
        found = _PATH.match(rest)
        if found is None:
            self.sendCode(501, b"5.5.4 RCPT TO:<address> is the form")
            return
        address = found.group(1).decode("utf-8", "replace").lower()
        code, text = self._judged(address)
        if code == 250 and (account := self.service.house.of_address(address)) is not None:
            self._mailboxes.append(account)
        if self.turned.text("lie") == "wrong-code":
            code, text = 354, b"go on"
        self.sendCode(code, text)

    def _judged(self, address: str) -> tuple[int, bytes]:
        refused = {word.strip().lower() for word in self.turned.text("refuse").split(",")}
        if address in refused or "*" in refused:
            return 550, b"5.7.1 this recipient is refused"
        if self.turned.flag("greylist"):
            known = (self._sender or "", address)
            if known not in self.service.seen_before:
                self.service.seen_before.add(known)
                return 451, b"4.7.1 greylisted, try again later"
        if self.service.house.of_address(address) is not None:
            return 250, b"2.1.5 recipient noted"
        if address.endswith("@" + DOMAIN):
            return 550, b"5.1.1 nobody of that name is here"
        return 554, b"5.7.1 we relay for nobody"

    def do_RSET(self, _rest: bytes) -> None:
        """Forget the letter."""
        self._forget()
        self.sendCode(250, b"2.0.0 forgotten")

    def do_NOOP(self, _rest: bytes) -> None:
        """Nothing."""
        self.sendCode(250, b"2.0.0 nothing done")

    def do_VRFY(self, _rest: bytes) -> None:
        """As most servers have it."""
        self.sendCode(252, b"2.5.0 we tell nobody who is here; send it and see")

    def _forget(self) -> None:
        self._sender = None
        self._mailboxes = []

    # ---- letter

    def do_DATA(self, rest: bytes) -> None:
        """The letter begins."""
        if not self._mailboxes:
            self.sendCode(503, b"5.5.1 RCPT comes first")
            return
        letter = Incoming(self)
        self._from, self._to = self._sender, [(letter, lambda: letter)]
        super().do_DATA(rest)
        self._forget()

    def receivedHeader(self, *_about: Any) -> bytes:
        """None: ours stands before the letter when it is put into a mailbox."""
        return b""

    def _limit(self) -> int:
        return self.turned.count("size") or MAX_LETTER

    def _messageHandled(self, results: Any) -> None:
        """The last word about a letter, as the switch has it."""
        how = self.turned.text("after_dot")
        if how == "silent":
            return
        if how == "drop":
            self.transport.loseConnection()
        elif how == "reset":
            self.transport.abortConnection()
        elif how == "refuse":
            self.sendCode(554, b"5.6.0 we don't want this letter")
        elif any(not ok for ok, _ in results):
            self.sendCode(552, b"5.2.2 the mailbox is full")
        else:
            self.sendCode(250, b"2.0.0 queued as LAB%04d" % next(_numbers))


class Incoming:
    """A letter that is being heard: Twisted's IMessageSMTP."""

    def __init__(self, client: LabSmtp) -> None:
        self._client = client
        self._accounts = tuple(client._mailboxes)
        self._sender = client._sender or ""
        self._lines: list[bytes] = []
        self._octets = 0

    def lineReceived(self, line: bytes) -> None:
        """One line, dots undone. Raises: SMTPServerError: the letter is too large."""
        self._octets += len(line) + 2
        if self._octets > self._client._limit():
            self._lines.clear()
            raise smtp.SMTPServerError(552, b"5.3.4 that letter is too large for us")
        self._lines.append(line)

    def eomReceived(self) -> Any:
        """The end: into every mailbox, unless the switch says that the letter is refused."""
        if self._client.turned.text("after_dot") == "refuse":
            return defer.succeed(None)
        raw = b"".join(line + b"\r\n" for line in self._lines)
        try:
            for account in self._accounts:
                account.inbox.add(self._trace(account) + raw, ("\\Recent",))
        except OverflowError as error:
            return defer.fail(error)
        return defer.succeed(None)

    def connectionLost(self) -> None:
        """The client went before the end: nothing is kept."""
        self._lines.clear()

    def _trace(self, account: Account) -> bytes:
        client = self._client
        kind = "ESMTPS" if client.startedTLS else "ESMTP"
        kind += "A" if client.authenticated else ""
        now = format_datetime(datetime.fromtimestamp(client.service.clock.wall_ns() / 1e9, UTC))
        peer = client.transport.getPeer().host
        return (
            f"Return-Path: <{self._sender}>\r\n"
            f"Received: from [{peer}] by {DOMAIN} with {kind}\r\n"
            f"\tfor <{account.address}>; {now}\r\n"
        ).encode()


def _sender(_account: Account) -> Any:
    """Twisted wants an avatar; the envelope is judged elsewhere."""
    return None
