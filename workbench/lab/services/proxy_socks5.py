"""A SOCKS5 proxy to servers of this machine: CONNECT, with or without a login (RFC 1928, RFC 1929)."""

import hmac

from workbench.errors import Refused, TooSlow, WorkbenchError
from workbench.formats import socks5
from workbench.formats.socks5 import encode_reply
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.services.tunnel import carry, exactly, reach

_FAILURE, _NOT_ALLOWED, _NO_NETWORK, _NO_HOST, _REFUSED, _NO_COMMAND = 1, 2, 3, 4, 5, 7
_CODES = {"ECONNREFUSED": _REFUSED, "ENETUNREACH": _NO_NETWORK, "EHOSTUNREACH": _NO_HOST}


class ProxySocks5(TcpService):
    """A greeting, perhaps a login, one request: a tunnel, or a code that says why not."""

    async def converse(self, guest: Guest) -> None:
        if not await self._let_in(guest):
            return
        head = await exactly(guest, socks5.HEAD)
        rest = await exactly(guest, socks5.message_size(head, "the request") - len(head))
        request = socks5.decode_request(head + rest)
        if await self._lied(guest):
            return
        if request.code != socks5.CONNECT:
            await guest.answer(encode_reply(_NO_COMMAND))
            return
        try:
            server = await reach(request.host, request.port)
        except WorkbenchError as error:
            await guest.answer(encode_reply(_code(error)))
            return
        try:
            host, _, port = server.local.rpartition(":")
            await guest.answer(encode_reply(socks5.SUCCEEDED, host.strip("[]"), int(port)))
        except BaseException:
            await server.aclose()
            raise
        await carry(guest, server)

    async def _let_in(self, guest: Guest) -> bool:
        """The greeting and, where the switches ask for one, the login. Raises: PeerMisbehaved."""
        head = await exactly(guest, 2)
        methods = socks5.decode_greeting(head + await exactly(guest, head[1] if len(head) > 1 else 0))
        user, password = self.turned.text("user"), self.turned.text("password")
        method = socks5.USER_PASSWORD if user else socks5.NO_LOGIN
        if method not in methods:
            await guest.answer(socks5.encode_choice(socks5.NONE_ACCEPTABLE))
            return False
        await guest.answer(socks5.encode_choice(method))
        if not user:
            return True
        data = await exactly(guest, 2)
        data += await exactly(guest, (data[1] if len(data) > 1 else 0) + 1)
        login = socks5.decode_login(data + await exactly(guest, data[-1]))
        wanted = user.encode() + b"\0" + password.encode()
        accepted = hmac.compare_digest(login.user + b"\0" + login.password, wanted)
        await guest.answer(socks5.encode_login_answer(accepted))
        return accepted

    async def _lied(self, guest: Guest) -> bool:
        match self.turned.text("lie"):
            case "wrong-version":
                await guest.answer(b"\x04" + encode_reply(socks5.SUCCEEDED)[1:])
            case "truncated":
                await guest.answer(encode_reply(socks5.SUCCEEDED)[:7])
            case "endless":
                # Its name is as long as it says, and no octet of it makes sense.
                await guest.answer(b"\x05\x63\x00\x03\xff" + b"\xff" * 257)
            case "silent":
                await guest.discard()
            case _:
                return False
        return True


def _code(error: WorkbenchError) -> int:
    if isinstance(error, Refused):
        return _NOT_ALLOWED
    if isinstance(error, TooSlow):
        return _NO_HOST
    return _CODES.get(error.errno_name, _FAILURE)
