"""An HTTP proxy that does CONNECT and nothing else, to servers of this machine (RFC 9110 section 9.3.6)."""

import hmac

from workbench.errors import PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.formats import http_connect
from workbench.formats.http_connect import Request, encode_response
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.services.tunnel import carry, reach

MAX_LINE = 4096
_ENDLESS_FIELD = b"X-And-So-On: " + b"for ever " * 100 + b"\r\n"


class ProxyHttp(TcpService):
    """One request a connection: a tunnel, or an answer that says why not."""

    async def converse(self, guest: Guest) -> None:
        head = await _read_head(guest)
        try:
            request = http_connect.decode_request(head)
        except PeerMisbehaved:
            is_http = head.split(b" ", 1)[0].isupper()
            await guest.answer(encode_response(405 if is_http else 400, "only CONNECT is done here"))
            return
        if not self._is_welcome(request):
            field = ("Proxy-Authenticate", 'Basic realm="Lab"')
            await guest.answer(encode_response(407, "Proxy Authentication Required", field))
            return
        if await self._lied(guest):
            return
        try:
            server = await reach(request.host, request.port)
        except WorkbenchError as error:
            status = 403 if isinstance(error, Refused) else 504 if isinstance(error, TooSlow) else 502
            await guest.answer(encode_response(status, error.what))
            return
        try:
            await guest.answer(encode_response(200, "Connection established"))
        except BaseException:
            await server.aclose()
            raise
        await carry(guest, server)

    def _is_welcome(self, request: Request) -> bool:
        user, password = self.turned.text("user"), self.turned.text("password")
        given = http_connect.basic_credentials(request.field("proxy-authorization"))
        return not user or _same(given, (user, password))

    async def _lied(self, guest: Guest) -> bool:
        match self.turned.text("lie"):
            case "wrong-version":
                await guest.answer(b"HTTP/9.9 200 Surprise\r\n\r\n")
            case "truncated":
                await guest.answer(b"HTTP/1.1 200 Connection estab")
            case "endless":
                await guest.answer(b"HTTP/1.1 200 Connection established\r\n")
                async with guest.discarding():
                    while True:
                        await guest.answer(_ENDLESS_FIELD)
            case "silent":
                await guest.discard()
            case _:
                return False
        return True


async def _read_head(guest: Guest) -> bytes:
    """The request up to its empty line; what there was when the client ended, or sent too much."""
    head = b""
    while len(head) < http_connect.MAX_HEAD:
        line = await guest.read_line(MAX_LINE)
        if line is None:
            return head
        head += line.text + b"\r\n"
        if not line.text:
            return head
    return head


def _same(given: tuple[str, str], wanted: tuple[str, str]) -> bool:
    return hmac.compare_digest("\0".join(given).encode(), "\0".join(wanted).encode())
