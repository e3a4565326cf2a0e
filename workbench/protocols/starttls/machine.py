"""The dialogues: octets in, octets out, until the server has said yes or no. No socket, no clock.

Each begins with what was heard before it began: a person may have seen the greeting already. All of them are bounded:
a line, the number of lines, and the octets together.
"""

import re
from collections.abc import Callable
from typing import Final

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.starttls.codec import RESULTS, SSL_REQUEST, ldap_answer, ldap_request
from workbench.protocols.starttls.values import BY_NAME, Outcome, Protocol

MAX_LINE: Final = 4096
"""RFC 5321 asks for 512 octets of a reply, IMAP for 8000 of a command; a list of capabilities stays below a tenth."""
MAX_OCTETS: Final = 64 * 1024
"""Of everything that the server says before its yes."""
NAME: Final = "client.example"
"""What we call ourselves (EHLO): a name of RFC 2606, as a person who tries something out has none."""
_CODE: Final = re.compile(rb"(\d{3})([ -]?)")


class Dialogue:
    """Asks one server for TLS.

    Args:
        protocol: which of them.
        host: the server's name, where it has to be said (XMPP).

    Attributes:
        outcome: None while it goes on. said: the server's words that decided.
        rest: octets that came behind its yes, in clear; anybody on the way could have put them there.
        offered: whether its list of capabilities has TLS; None where there is no such list, or it was not seen.
    """

    def __init__(self, protocol: Protocol, host: str = "") -> None:
        self.protocol = protocol
        self.host = host
        self.outcome: Outcome | None = None
        self.said = ""
        self.rest = b""
        self.offered: bool | None = None
        self._buffer = bytearray()
        self._heard = 0

    def begin(self, heard: bytes = b"", *, spoken: bool = False) -> bytes:
        """What to send first; b"" where the server's greeting is still to come.

        Args:
            heard: what came before. spoken: whether somebody has said something to it already.
        """
        raise NotImplementedError

    def receive(self, data: bytes) -> bytes:
        """Take what arrived, and return what to send next.

        Raises: PeerMisbehaved: this is not that protocol, or it has no end.
        """
        if self.outcome is not None:
            self.rest += data
            return b""
        self._heard += len(data)
        self._buffer += data
        if self._heard > MAX_OCTETS:
            raise self._broken(f"the server said {MAX_OCTETS} octets and still neither yes nor no")
        return self._next()

    def _next(self) -> bytes:
        raise NotImplementedError

    def _decide(self, outcome: Outcome, said: bytes) -> bytes:
        self.outcome = outcome
        self.said = said.decode("utf-8", "replace").strip()
        if outcome == "accepted":
            self.offered = self.offered if self.offered is not None else True
            self.rest = bytes(self._buffer)
        self._buffer.clear()
        return b""

    def _broken(self, what: str, data: bytes = b"") -> PeerMisbehaved:
        return PeerMisbehaved(
            what, stage="starttls", data=data or bytes(self._buffer), source=self.protocol.source
        )


class _Lines(Dialogue):
    """Those that speak in lines. `_stage` is the name of the method that takes the next line."""

    first = b""
    """Asks for the list of what the server can do."""

    def __init__(self, protocol: Protocol, host: str = "") -> None:
        super().__init__(protocol, host)
        self._stage: Callable[[bytes], bytes] = self._greeting
        self._listed = False

    def begin(self, heard: bytes = b"", *, spoken: bool = False) -> bytes:
        if not spoken:
            return self.receive(heard) if heard else b""
        # The greeting is past, and answers to a person; a line that has begun is not ours yet.
        self._buffer += heard.rpartition(b"\n")[2]
        return self._ask_for_list()

    def _ask_for_list(self) -> bytes:
        self._stage = self._list
        return self.first

    def _next(self) -> bytes:
        out = b""
        while self.outcome is None and (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[: end + 1]).rstrip(b"\r\n")
            del self._buffer[: end + 1]
            if len(line) > MAX_LINE:
                raise self._broken(f"a line has more than {MAX_LINE} octets", line)
            out += self._stage(line)
        if self.outcome is None and len(self._buffer) > MAX_LINE:
            raise self._broken(f"no line end within {MAX_LINE} octets")
        return out

    def _greeting(self, line: bytes) -> bytes:
        raise NotImplementedError

    def _list(self, line: bytes) -> bytes:
        raise NotImplementedError

    def _answer(self, line: bytes) -> bytes:
        raise NotImplementedError

    def _ask(self, request: bytes, *, known: bool = True) -> bytes:
        """Ask, if the server offers it; known: whether its list could be had at all."""
        if known:
            self.offered = self._listed
            if not self._listed:
                return self._decide("missing", b"")
        self._stage = self._answer
        return request


class _Coded(_Lines):
    """Replies begin with three digits (RFC 5321 section 4.2, RFC 959 section 4.2)."""

    def _coded(self, line: bytes) -> tuple[int, bool]:
        """The code, and whether this is the reply's last line."""
        found = _CODE.match(line)
        if found is None:
            raise self._broken("this is no reply with a code of three digits", line)
        return int(found[1]), found[2] != b"-"

    def _greeting(self, line: bytes) -> bytes:
        code, is_last = self._coded(line)
        if code != 220 and is_last:
            return self._decide("refused", line)
        return self._ask_for_list() if is_last else b""


class _Smtp(_Coded):
    first = b"EHLO " + NAME.encode() + b"\r\n"

    def _list(self, line: bytes) -> bytes:
        code, is_last = self._coded(line)
        if code == 250 and line[4:].strip().upper().split(b" ")[0] == b"STARTTLS":
            self._listed = True
        if not is_last:
            return b""
        if code != 250:
            return self._decide("missing", line)
        return self._ask(b"STARTTLS\r\n")

    def _answer(self, line: bytes) -> bytes:
        code, is_last = self._coded(line)
        return self._decide("accepted" if code == 220 else "refused", line) if is_last else b""


class _Ftp(_Coded):
    first = b"FEAT\r\n"
    _in_list = False

    def _list(self, line: bytes) -> bytes:
        if self._in_list:
            words = line.strip().upper()
            if words.startswith(b"AUTH") and b"TLS" in words:
                self._listed = True
            if not line.startswith(b"211 "):
                return b""
            return self._ask(b"AUTH TLS\r\n")
        code, is_last = self._coded(line)
        if code == 211 and not is_last:
            self._in_list = True
            return b""
        if not is_last:
            return b""
        # An old server that has no FEAT may have AUTH all the same (RFC 4217 section 4 asks for no list).
        return self._ask(b"AUTH TLS\r\n", known=code == 211)

    def _answer(self, line: bytes) -> bytes:
        code, is_last = self._coded(line)
        return self._decide("accepted" if code == 234 else "refused", line) if is_last else b""


class _Pop(_Lines):
    first = b"CAPA\r\n"
    _in_list = False

    def _greeting(self, line: bytes) -> bytes:
        return self._ask_for_list() if self._is_yes(line) else self._decide("refused", line)

    def _list(self, line: bytes) -> bytes:
        if not self._in_list:
            if not self._is_yes(line):
                # No CAPA (RFC 2449): what it can do, only trying tells.
                return self._ask(b"STLS\r\n", known=False)
            self._in_list = True
            return b""
        if line.strip().upper() == b"STLS":
            self._listed = True
        return self._ask(b"STLS\r\n") if line == b"." else b""

    def _answer(self, line: bytes) -> bytes:
        return self._decide("accepted" if self._is_yes(line) else "refused", line)

    def _is_yes(self, line: bytes) -> bool:
        if line[:3].upper() == b"+OK":
            return True
        if line[:4].upper() == b"-ERR":
            return False
        raise self._broken("this is neither +OK nor -ERR", line)


class _Imap(_Lines):
    first = b"w1 CAPABILITY\r\n"

    def _greeting(self, line: bytes) -> bytes:
        words = line.upper()
        if not words.startswith((b"* OK", b"* PREAUTH", b"* BYE")):
            raise self._broken("this is no greeting of IMAP", line)
        # PREAUTH: logged in already, so TLS can't be asked for any more (RFC 9051 section 7.1.4).
        return self._ask_for_list() if words.startswith(b"* OK") else self._decide("refused", line)

    def _list(self, line: bytes) -> bytes:
        words = line.upper().split()
        if words[:2] == [b"*", b"CAPABILITY"]:
            self._listed = b"STARTTLS" in words
        if words[:1] != [b"W1"]:
            return self._untagged(line)
        if words[1:2] != [b"OK"]:
            return self._decide("missing", line)
        return self._ask(b"w2 STARTTLS\r\n")

    def _answer(self, line: bytes) -> bytes:
        words = line.upper().split()
        if words[:1] != [b"W2"]:
            return self._untagged(line)
        return self._decide("accepted" if words[1:2] == [b"OK"] else "refused", line)

    def _untagged(self, line: bytes) -> bytes:
        if not line.startswith(b"* "):
            raise self._broken("this is no answer of IMAP to what was asked", line)
        return self._decide("refused", line) if line[2:5].upper() == b"BYE" else b""


class _Xmpp(Dialogue):
    """Elements are looked for, not parsed: until TLS protects it, a stranger's XML is not worth a parser."""

    _asked = False

    def begin(self, heard: bytes = b"", *, spoken: bool = False) -> bytes:
        if b"<stream:features" in heard:
            return self.receive(heard)
        to = self.host.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;")
        return (
            f"<?xml version='1.0'?><stream:stream to='{to}' version='1.0' xml:lang='en' "
            "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
        ).encode()

    def _next(self) -> bytes:
        data = bytes(self._buffer)
        if not self._asked:
            if data.lstrip()[:1] not in (b"", b"<"):
                raise self._broken("this is no stream of XML")
            if b"<stream:error" in data or b"</stream:stream" in data:
                return self._decide("refused", data[data.rfind(b"<stream:error") :])
            if b"<stream:features/>" not in data and b"</stream:features>" not in data:
                return b""
            self.offered = re.search(rb"<starttls[^>]*xmpp-tls", data) is not None
            if not self.offered:
                return self._decide("missing", b"")
            self._asked = True
            self._buffer.clear()
            return b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
        if (found := re.search(rb"<proceed[^>]*(/>|>\s*</proceed\s*>)", data)) is not None:
            del self._buffer[: found.end()]
            return self._decide("accepted", found[0])
        if b"<failure" in data or b"<stream:error" in data or b"</stream:stream" in data:
            return self._decide("refused", data)
        return b""


class _Ldap(Dialogue):
    def begin(self, heard: bytes = b"", *, spoken: bool = False) -> bytes:
        return ldap_request()

    def _next(self) -> bytes:
        answer = ldap_answer(bytes(self._buffer))
        if answer is None:
            return b""
        code, words, size = answer
        del self._buffer[:size]
        if code == 0:
            return self._decide("accepted", (words or "success").encode())
        meaning = RESULTS.get(code, f"resultCode {code}")
        return self._decide("refused", f"{meaning} {words}".encode())


class _Postgres(Dialogue):
    def begin(self, heard: bytes = b"", *, spoken: bool = False) -> bytes:
        return SSL_REQUEST

    def _next(self) -> bytes:
        answer = bytes(self._buffer[:1])
        if answer not in (b"S", b"N", b"E"):
            raise self._broken("the answer to SSLRequest is one octet, S or N")
        del self._buffer[:1]
        # E begins an error of a server older than 7.0, or of one that never was PostgreSQL.
        words = answer + bytes(self._buffer[:64]) if answer == b"E" else answer
        return self._decide("accepted" if answer == b"S" else "refused", words)


_DIALOGUES: Final[dict[str, type[Dialogue]]] = {
    "smtp": _Smtp,
    "imap": _Imap,
    "pop3": _Pop,
    "ftp": _Ftp,
    "xmpp": _Xmpp,
    "ldap": _Ldap,
    "postgres": _Postgres,
}


def dialogue(name: str, host: str = "") -> Dialogue:
    """The dialogue of a protocol. Raises: LocalMisuse: there is none of that name."""
    if name not in _DIALOGUES:
        raise LocalMisuse(
            f"there is no STARTTLS for {name[:40]!r}",
            text=name,
            start=0,
            end=len(name),
            advice=f"there is {', '.join(_DIALOGUES)}",
        )
    return _DIALOGUES[name](BY_NAME[name], host)
