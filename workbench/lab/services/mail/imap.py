"""The Lab's IMAP server: Twisted's IMAP4rev1, with headers given octet for octet, and lies."""

import asyncio
import copy
from typing import Any

from workbench.lab.services.mail.imap_mailbox import ImapAccount
from workbench.lab.services.mail.library import Failure, defer, imap4
from workbench.lab.services.mail.portal import Portal, mechanisms
from workbench.lab.services.mail.service import MailService
from workbench.lab.services.mail.transport import Unhurried

HUGE = b"* 1 FETCH (UID 1 BODY[] {4294967295}\r\n"


class Imap(MailService):
    """One server."""

    def protocol(self) -> Any:
        """Twisted's, for one client."""
        return LabImap(self)


class LabImap(Unhurried, imap4.IMAP4Server):  # type: ignore[misc]  # Twisted's protocols have few types
    """One client."""

    IDENT = b"Network Workbench Lab IMAP"

    def __init__(self, service: Imap) -> None:
        known = mechanisms(service.turned.text("mechanisms"))
        super().__init__(known, service if service.has_tls else None, _in_turn)
        self.service = service
        self.portal = Portal(service.house, ImapAccount)
        self._lie = service.turned.text("lie")

    def capabilities(self) -> Any:
        """What it can do now."""
        told = super().capabilities()
        service = self.service
        if not service.lists_tls:
            told.pop(b"STARTTLS", None)
        if service.turned.text("tls") != "required":
            told.pop(b"LOGINDISABLED", None)
        elif b"LOGINDISABLED" in told:
            told[b"AUTH"] = []
        return told

    def do_AUTHENTICATE(self, tag: bytes, name: bytes) -> None:
        """A login by SASL."""
        if b"LOGINDISABLED" in self.capabilities():
            self.sendNegativeResponse(tag, b"[PRIVACYREQUIRED] STARTTLS comes first")
            return
        super().do_AUTHENTICATE(tag, name)

    unauth_AUTHENTICATE = (do_AUTHENTICATE, imap4.IMAP4Server.arg_atom)

    def not_understood(self) -> None:
        """A line that makes no sense."""
        self.sendBadResponse(None, b"this is no command")

    def authenticateLogin(self, user: bytes, password: bytes) -> Any:
        """LOGIN. Raises: UnauthorizedLogin."""
        known = imap4.PLAINCredentials()
        known.username, known.password = user, password
        return self.portal.login(known, None, imap4.IAccount)

    def _cbSelectWork(self, mailbox: Any, command: bytes, tag: bytes) -> None:
        if mailbox is not None:
            self.sendPositiveResponse(
                None, b"[UIDNEXT %d] the next one has at least this" % mailbox.getUIDNext()
            )
            flags = " ".join(mailbox.getFlags()) if mailbox.isWriteable() else ""
            self.sendPositiveResponse(None, f"[PERMANENTFLAGS ({flags})] what may be changed".encode())
        super()._cbSelectWork(mailbox, command, tag)

    def do_FETCH(self, tag: bytes, messages: Any, query: Any, uid: int = 0) -> None:
        """Letters."""
        if self._lie == "huge-literal":
            self.transport.write(HUGE)
            return
        if self._lie == "vanishing" and not uid:
            # Allowed at any other moment; a client that believes its own numbers is lost now.
            self.sendUntaggedResponse(b"1 EXPUNGE")
        super().do_FETCH(tag, messages, query, uid=uid)

    select_FETCH = (do_FETCH, imap4.IMAP4Server.arg_seqset, imap4.IMAP4Server.arg_fetchatt)

    def do_SEARCH(self, tag: bytes, _charset: Any, query: Any, uid: int = 0) -> None:
        """Which letters fit; at once, where Twisted would take turns of its reactor."""
        mailbox = self.mbox
        messages = list(mailbox.fetch(imap4.MessageSet(1, None), 0))
        last = (messages[-1][0], messages[-1][1].getUID()) if messages else (0, 0)
        try:
            found = [
                b"%d" % (message.getUID() if uid else number)
                for number, message in messages
                if self._searchFilter(copy.deepcopy(query), number, message, *last)
            ]
        except Exception as error:  # noqa: BLE001 - Twisted's parser raises what it meets: the query is to blame
            self.sendBadResponse(tag, f"SEARCH makes no sense: {error}".encode("ascii", "replace"))
            return
        self.sendUntaggedResponse(b" ".join((b"SEARCH", *found)))
        self.sendPositiveResponse(tag, b"SEARCH completed")

    select_SEARCH = (do_SEARCH, imap4.IMAP4Server.opt_charset, imap4.IMAP4Server.arg_searchkeys)

    def search_SUBJECT(self, query: Any, _number: int, message: Any) -> bool:
        """Whether these octets stand in the field; Twisted's own compares text with octets, and fails."""
        return _stands_in(message, "subject", query.pop(0))

    def search_FROM(self, query: Any, _number: int, message: Any) -> bool:
        """As search_SUBJECT()."""
        return _stands_in(message, "from", query.pop(0))

    def search_TO(self, query: Any, _number: int, message: Any) -> bool:
        """As search_SUBJECT()."""
        return _stands_in(message, "to", query.pop(0))

    def spew_body(self, part: Any, number: int, message: Any, _w: Any = None, _f: Any = None) -> Any:
        """A part of a letter; headers as they stand in it, which Twisted would write anew."""
        if not part.peek and self.mbox.isWriteable():
            message.letter.flags.add("\\Seen")
        if part.header and not part.part:
            chosen = message.chosen(part.header.negate, part.header.fields)
            data = chosen if part.header.fields else message.header()
            _w(bytes(part) + b" {%d}\r\n" % len(data) + data)
            return None
        return super().spew_body(part, number, message, _w, _f)

    def connectionLost(self, reason: Any) -> None:
        """The client has gone."""
        super().connectionLost(reason)
        if self.mbox is not None:
            self.mbox.close()


def _stands_in(message: Any, field: str, octets: bytes) -> bool:
    return (
        octets.decode("utf-8", "replace").lower() in message.getHeaders(False, field).get(field, "").lower()
    )


def _in_turn(steps: Any) -> Any:
    """Run an answer's steps; its end comes in a turn of its own, so that thousands of letters don't nest."""
    loop = asyncio.get_running_loop()
    done: Any = defer.Deferred()

    def go(last: Any) -> None:
        while True:
            try:
                step = next(steps)
            except StopIteration:
                loop.call_soon(done.callback, last)
                return
            except Exception:  # noqa: BLE001 - Twisted's way: whatever it is travels in the Deferred
                done.errback(Failure())
                return
            if isinstance(step, defer.Deferred):
                step.addCallbacks(go, done.errback)
                return
            last = step

    go(None)
    return done
