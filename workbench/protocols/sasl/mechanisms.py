"""The mechanisms: challenges in, answers out, and which of them is taken (RFC 4422 section 3).

An answer says of itself whether it is secret. A digest is: whoever has challenge and digest can try passwords at home.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Iterable
from typing import Protocol

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.sasl.values import Answer, Login

MAX_CHALLENGE = 12_288
"""Octets in base64: RFC 4954 section 4 has that number for a line of AUTH, so that tickets have room."""
UNDER_TLS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""In order of preference where nobody on the way reads: PLAIN lets the server keep no readable passwords."""
IN_CLEAR = ("CRAM-MD5", "PLAIN", "LOGIN")
"""And where somebody may: a digest gives away less than the password itself."""


class Mechanism(Protocol):
    """One login by one mechanism; asked in turn, once for each challenge."""

    name: str

    def first(self) -> Answer | None:
        """What the client says without a challenge; None where the server speaks first."""
        ...

    def answer(self, challenge: bytes) -> Answer:
        """The answer to a challenge (without base64). Raises: PeerMisbehaved: one too many, or no sense."""
        ...


class Plain:
    """RFC 4616: all at once, parted by NUL; in clear but for what protects the conversation."""

    name = "PLAIN"

    def __init__(self, login: Login) -> None:
        self._login = login
        self._said = False

    def first(self) -> Answer | None:
        self._said = True
        data = b"\0" + self._login.user.encode() + b"\0" + self._login.password.encode()
        return Answer(data, f"no other identity, the user {self._login.user}, the password")

    def answer(self, challenge: bytes) -> Answer:
        if self._said or challenge:
            raise _one_more(self.name, challenge)
        answer = self.first()
        assert answer is not None
        return answer


class LoginMechanism:
    """LOGIN: two questions, whose words nobody agreed on; the order decides."""

    name = "LOGIN"

    def __init__(self, login: Login) -> None:
        self._answers = [
            Answer(login.password.encode(), "the password"),
            Answer(login.user.encode(), f"the user {login.user}", secret=False),
        ]

    def first(self) -> Answer | None:
        return None

    def answer(self, challenge: bytes) -> Answer:
        if not self._answers:
            raise _one_more(self.name, challenge)
        return self._answers.pop()


class CramMd5:
    """RFC 2195: a digest of the challenge under the password."""

    name = "CRAM-MD5"

    def __init__(self, login: Login) -> None:
        self._login = login
        self._said = False

    def first(self) -> Answer | None:
        return None

    def answer(self, challenge: bytes) -> Answer:
        if self._said or not challenge:
            raise _one_more(self.name, challenge)
        self._said = True
        digest = hmac.new(self._login.password.encode(), challenge, "md5").hexdigest()
        data = f"{self._login.user} {digest}".encode()
        return Answer(data, f"the user {self._login.user}, a digest of the challenge under the password")


_MECHANISMS: dict[str, Callable[[Login], Mechanism]] = {
    "PLAIN": Plain,
    "LOGIN": LoginMechanism,
    "CRAM-MD5": CramMd5,
}


def choose(offered: Iterable[str], login: Login, *, is_protected: bool) -> Mechanism | None:
    """The best mechanism of those that the server offers; None where we know none of them.

    Raises: LocalMisuse: the user or the password can't be said.
    """
    check_login(login)
    names = {name.upper() for name in offered}
    for name in UNDER_TLS if is_protected else IN_CLEAR:
        if name in names:
            return _MECHANISMS[name](login)
    return None


def check_login(login: Login) -> None:
    """Raises: LocalMisuse: CR, LF or NUL in the user or the password: no line, and no PLAIN, can hold them."""
    for text, what in ((login.user, "a user"), (login.password, "a password")):
        for place, character in enumerate(text):
            if character in "\r\n\0":
                name = {"\r": "CR", "\n": "LF", "\0": "NUL"}[character]
                is_user = what == "a user"
                raise LocalMisuse(
                    f"{what} can't hold {name}",
                    text=text if is_user else "",
                    start=place if is_user else None,
                    end=place + 1 if is_user else None,
                    stage="login",
                    source="RFC 4616 section 2",
                )


def encoded(data: bytes) -> bytes:
    """As a line holds it; "=" is an answer of no octets (RFC 4954 section 4)."""
    return base64.b64encode(data) or b"="


def challenge_of(text: bytes) -> bytes:
    """A challenge without its base64. Raises: PeerMisbehaved: it is none, or too long."""
    try:
        if len(text) > MAX_CHALLENGE:
            raise ValueError
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise PeerMisbehaved(
            "the server's challenge is no base64",
            stage="login",
            data=text[:64],
            source="RFC 4954 section 4",
        ) from error


def _one_more(name: str, challenge: bytes) -> PeerMisbehaved:
    return PeerMisbehaved(
        f"the server goes on asking where {name} has nothing more to say",
        stage="login",
        data=challenge[:64],
        source="RFC 4422 section 3",
    )
