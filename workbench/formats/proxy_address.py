"""Proxies as a person names them: socks5://HOST:PORT, http://HOST:PORT, lab:proxy-socks5, lab:proxy-http."""

from typing import Final, Literal, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target

ProxyKind = Literal["socks5", "http"]

PORTS: Final = {"socks5": 1080}
"""RFC 1928 section 3 gives SOCKS its port. HTTP proxies have none of their own: theirs must be written."""

LOGIN_ADVICE: Final = "give the proxy a user and a password"
"""At a proxy that wants a login; each face adds where a person gives one."""

_KINDS: Final[dict[str, ProxyKind]] = {"socks5": "socks5", "http": "http"}
_LAB_KINDS: Final[dict[str, ProxyKind]] = {"proxy-socks5": "socks5", "proxy-http": "http"}


class Proxy(NamedTuple):
    """A proxy to go through. user "": without a login. The password never appears in its text."""

    kind: ProxyKind
    target: Target
    user: str = ""
    password: str = ""

    def __str__(self) -> str:
        return str(self.target)

    def __repr__(self) -> str:
        return f"Proxy(kind={self.kind!r}, target={str(self.target)!r}, user={self.user!r})"


def parse_proxy(text: str) -> Proxy:
    """Read a proxy's address.

    Raises: LocalMisuse with the place of the mistake.
    """
    target = parse_target(text, ports=PORTS)
    kind = _LAB_KINDS.get(target.host) if target.is_lab else _KINDS.get(target.scheme)
    if kind is None or (not target.is_lab and target.path not in ("", "/")):
        raise LocalMisuse(
            f"{text} is no proxy that this workbench can speak to",
            text=text,
            start=0,
            end=len(text),
            advice="write socks5://HOST:PORT, http://HOST:PORT, lab:proxy-socks5 or lab:proxy-http",
        )
    return Proxy(kind, target._replace(path=""))
