"""The Lab's web server, in clear and under TLS: one request a connection, then the connection ends."""

import secrets
import string
from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.clock import SYSTEM, Clock
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.services.http.answer import Answer, chunk, head, last_chunk, plain
from workbench.lab.services.http.pages import PAGES, House, missing, status
from workbench.lab.services.http.request import Asked, NotAsked, read_request
from workbench.lab.services.http.wrong import WRONG
from workbench.lab.switches import Turned
from workbench.lab.tls_service import TlsService

if TYPE_CHECKING:
    from workbench.lab.authority import Authority
    from workbench.wire.tls.stream import TlsStream

USER = "student"
_LETTERS = string.ascii_lowercase + string.digits
PASSWORD_LETTERS = 10
"""Of 36 each: more than any other program of this machine can try."""
WRONG_PATH = "/wrong/"
STATUS_PATH = "/status/"
SHORT_NAMES = {"/truncated": "truncated", "/overlong": "overlong"}
"""Paths that are wrong answers, beside /wrong/NAME."""


def made_password() -> str:
    """A password for one server."""
    return "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LETTERS))


class Crowd:
    """The first visitors of a server's files, who are to come later. left: how many of them are to come."""

    def __init__(self, turned: Turned) -> None:
        self.left = turned.count("busy")

    def turns_away(self) -> bool:
        """Whether this visitor is one of them."""
        is_one = self.left > 0
        self.left -= is_one
        return is_one


async def serve_web(guest: Guest, turned: Turned, password: str, scheme: str, crowd: Crowd) -> None:
    """Answer one request of one client."""
    house = House(USER, password, f"{scheme}://{guest.stream.local}", turned.text("ranges"), crowd.turns_away)
    try:
        asked = await read_request(guest)
    except NotAsked as why:
        if why.status:
            await guest.answer(head(plain("", why.status)))
        return
    says = turned.text("says")
    if says == "truth":
        says = SHORT_NAMES.get(asked.path) or (
            asked.path.removeprefix(WRONG_PATH) if asked.path.startswith(WRONG_PATH) else "truth"
        )
    if says in WRONG:
        await WRONG[says](guest)
        return
    page = PAGES[asked.path][0] if asked.path in PAGES else missing
    if asked.path.startswith(STATUS_PATH):
        page = status
    await _send(guest, asked, await page(asked, house))


async def _send(guest: Guest, asked: Asked, answer: Answer) -> None:
    data = head(answer)
    if asked.method == "HEAD" or answer.status in (204, 304):
        await guest.answer(data)
        return
    if isinstance(answer.body, bytes):
        await guest.answer(data + answer.body)
        return
    await guest.answer(data)
    in_chunks = answer.length is None
    async for piece in answer.body:
        await guest.answer(chunk(piece) if in_chunks else piece)
    if in_chunks:
        await guest.answer(last_chunk(answer.trailers))


class Http(TcpService):
    """In clear. Attributes: accounts: who may log in at /basic; told to whoever asks the Lab for the service."""

    def __init__(self, turned: Turned, *, clock: Clock = SYSTEM) -> None:
        super().__init__(turned, clock=clock)
        self._password = made_password()
        self._crowd = Crowd(turned)
        self.accounts = ((USER, self._password),)

    async def converse(self, guest: Guest) -> None:
        await serve_web(guest, self.turned, self._password, "http", self._crowd)


class Https(TlsService):
    """Under TLS; the switches choose the certificate's flaw, the version and how it ends. accounts: as Http."""

    def __init__(
        self, turned: Turned, *, clock: Clock = SYSTEM, authority: "Callable[[], Authority] | None" = None
    ) -> None:
        super().__init__(turned, clock=clock, authority=authority)
        self._password = made_password()
        self._crowd = Crowd(turned)
        self.accounts = ((USER, self._password),)

    async def secured(self, guest: Guest, stream: "TlsStream") -> None:
        await serve_web(guest, self.turned, self._password, "https", self._crowd)
