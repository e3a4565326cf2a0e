"""Who one is, and what a mechanism says of it."""

from typing import Literal, NamedTuple

Security = Literal["auto", "starttls", "tls", "plain"]
"""starttls: TLS is begun in the conversation, before anything of worth is said, or it fails. tls: from the first octet
on. plain: never. auto: from the first octet on where the scheme or the port says so; else as starttls where the server
offers it, and in clear where not, but then without a login."""

Protected = Literal["plain", "starttls", "tls"]
"""How a conversation was protected in the end."""


class Login(NamedTuple):
    """Who one is. The password is masked wherever it is shown, also here."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login(user={self.user!r}, password=****)"


class Answer(NamedTuple):
    """What a mechanism says next. data: before base64. told: the same for people, without what is secret.

    secret: whether `data` gives the password away, or lets somebody try passwords against it.
    """

    data: bytes
    told: str
    secret: bool = True
