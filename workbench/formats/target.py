"""Addresses as a person types them, one parser for every field and every verb.

Forms: `lab:NAME[/PATH]`, `HOST:PORT`, `[V6]:PORT`, `unix:PATH`, `sqlite:FILE`, `SCHEME://HOST[:PORT][/PATH]`, and
`postgresql://USER@HOST[:PORT]/DATABASE`, the one that holds a user's name.

Strategy: nothing is guessed and nothing is trimmed. What is not one of the forms is a `LocalMisuse` whose
place is the mistake itself, whose sentence says what is wrong, and whose advice says what to type instead.
Every check works on the whole text with absolute places, so that a place never has to be shifted. Names are
not resolved and services not looked up: that is a conversation, and this is not; where a caller can have it looked up
(`services`), a service's name may stand for the port. User names and passwords are
refused: addresses are shown, remembered and exported; a password that was typed into one is masked in the
error's text at the same length.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.authority import PATHLESS, Asked, read_authority
from workbench.formats.host_name import to_ascii
from workbench.formats.inet import is_digits
from workbench.formats.place import mistake
from workbench.formats.ports import SCHEME_PORTS

MAX_TARGET: Final = 8192
"""Characters; RFC 9110 section 4.1 asks for at least 8000 octets of URI."""

MAX_UNIX_PATH: Final = 107
"""Octets: the sun_path of Linux has 108, the last is a NUL (unix(7))."""

MAX_LAB_NAME: Final = 40
"""Characters; ours, several times the catalogue's longest name."""

MAX_FILE: Final = 4095
"""Octets of a file's path: PATH_MAX of Linux has 4096, the last is a NUL."""

_WITH_USER: Final = ("postgres", "postgresql")
_LAB_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_SCHEME_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+-.")
_CONTROL_NAMES: Final = {"\r": "CR", "\n": "LF", "\t": "a tab", "\0": "NUL", "\x1b": "ESC"}


LAB_HOST = "localhost"
"""The name of the Lab's services, to their certificates and in what is said to them."""


class Target(NamedTuple):
    """Where to connect or listen, taken apart; two targets are equal when they mean the same, however typed.

    Attributes:
        scheme: "tcp" when none was given; "lab", "unix", or the scheme in small letters.
        host: a name or an address without brackets, with its zone ("fe80::1%eth0"); the name of the service
            for "lab"; "" for "unix" and "sqlite".
        port: None for "lab", "unix" and "sqlite".
        path: with its leading "/", "?" or "#"; the file's path for "unix" and "sqlite"; "" when there is none.
        text: as typed, for showing; "" when the target was made by a program.
        user: as it stands in the address, escapes and all; "" for none. Never a password.
        service: a service's name that stands where the port would, which is None then; wire looks it up.
    """

    scheme: str
    host: str
    port: int | None
    path: str = ""
    text: str = ""
    user: str = ""
    service: str = ""

    @property
    def is_lab(self) -> bool:
        """Whether the Lab has to say where this service is."""
        return self.scheme == "lab"

    @property
    def server_name(self) -> str:
        """The name by which TLS expects the server (RFC 9525 section 6.1): the host without its zone; "" for a file.

        The Lab's services are LAB_HOST to their certificates.
        """
        return LAB_HOST if self.is_lab else self.host.partition("%")[0]

    @property
    def ascii_host(self) -> str:
        """The host as a resolver takes it: labels beyond ASCII as xn--... (see `host_name.to_ascii`)."""
        return to_ascii(self.host)

    def __str__(self) -> str:
        """A text that `parse_target` reads back as an equal target; the port is always written out."""
        if self.scheme in ("lab", "unix", "sqlite"):
            return f"{self.scheme}:{self.host}{self.path}"
        if self.scheme == "tcp" and not self.path:
            return f"{bracketed(self.host)}:{self.service or self.port}"
        # RFC 6874: within a URL the % before a zone is itself escaped.
        user = f"{self.user}@" if self.user else ""
        where = f"{bracketed(self.host.replace('%', '%25'))}:{self.service or self.port}"
        return f"{self.scheme}://{user}{where}{self.path}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Target) and (*self[:4], *self[5:]) == (*other[:4], *other[5:])

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((*self[:4], *self[5:]))


def bracketed(host: str) -> str:
    """The host as it stands before ":PORT": an IPv6 address in brackets, anything else as it is."""
    return f"[{host}]" if ":" in host else host


def parse_target(
    text: str,
    *,
    default_port: int | None = None,
    listening: bool = False,
    ports: Mapping[str, int] = SCHEME_PORTS,
    services: bool = False,
) -> Target:
    """Read an address.

    Args:
        default_port: what a missing port means; without it HOST alone is a mistake.
        listening: the address is for a listener: port 0 is allowed ("the system chooses"), `lab:` is not.
        ports: what a missing port means in SCHEME://HOST; extend with `{**SCHEME_PORTS, "mine": 4000}`.
        services: HOST:NAME is allowed too, "localhost:http"; looking the name up is left to wire.

    Raises:
        LocalMisuse: with the place of the mistake, 0 <= start <= end <= len(text).

    Source: RFC 3986 section 3.2 for the URL form, RFC 6874 for zones in it.
    """
    asked = Asked(text, default_port, listening, ports, services)
    if not text:
        raise mistake(text, 0, 0, "the address is empty", _example(listening))
    if len(text) > MAX_TARGET:
        what = f"an address has at most {MAX_TARGET} characters, this has {len(text)}"
        raise mistake(text, MAX_TARGET, len(text), what, _example(listening))
    prefix = text[:5].lower()
    is_sqlite = text[:7].lower() == "sqlite:"
    _check_characters(text, in_file_name=prefix == "unix:" or is_sqlite)
    if prefix == "unix:":
        return _read_unix(text)
    if is_sqlite:
        return _read_sqlite(text)
    if prefix.startswith("lab:"):
        return _read_lab(asked)
    mark = text.find("://")
    if mark >= 0 and not any(character in text[:mark] for character in "/?#[@:"):
        return _read_url(asked, mark)
    return _read_plain(asked)


def _example(listening: bool) -> str:
    if listening:
        return "write HOST:PORT, like 127.0.0.1:0, where 0 lets the system choose"
    return "write HOST:PORT, like example.com:80, or the name of a Lab service, like lab:echo"


# Characters that stand in no address ------------------------------------------------------------------------


def _check_characters(text: str, *, in_file_name: bool) -> None:
    """Refuse controls, lone surrogates and, outside file names, white space."""
    if text.isprintable() and (in_file_name or " " not in text):
        return
    for i, character in enumerate(text):
        code = ord(character)
        if code < 0x20 or 0x7F <= code < 0xA0:
            name = _CONTROL_NAMES.get(character, f"the control character U+{code:04X}")
            raise mistake(text, i, i + 1, f"{name} cannot stand in an address", "remove it")
        # In a file name U+DC80 to U+DCFF stand for octets that are no UTF-8 (PEP 383).
        if 0xD800 <= code < 0xE000 and not (in_file_name and 0xDC80 <= code < 0xDD00):
            raise mistake(text, i, i + 1, "half of a surrogate pair is no character", "remove it")
        if character.isspace() and not in_file_name:
            raise _misplaced_space(text, i)


def _misplaced_space(text: str, start: int) -> LocalMisuse:
    end = len(text) - len(text[start:].lstrip())
    shown = "a space" if text[start] == " " else f"white space (U+{ord(text[start]):04X})"
    if end == len(text):
        return mistake(text, start, end, f"an address does not end with {shown}", "remove it")
    if start == 0:
        return mistake(text, start, end, f"an address does not begin with {shown}", "remove it")
    authority = text.find("://")
    if authority >= 0 and "/" in text[authority + 3 : start]:
        return mistake(
            text, start, end, f"{shown} cannot stand in a URL's path", "write %20", "RFC 3986 section 3.3"
        )
    return mistake(text, start, end, f"{shown} cannot stand in an address", "remove it")


# The forms --------------------------------------------------------------------------------------------------


def _read_unix(text: str) -> Target:
    start = len("unix:")
    if text.startswith("//", start):
        # unix:///run/x is common elsewhere; unix://run/x would name a host.
        if not text.startswith("///", start):
            raise mistake(text, start, start + 2, "two slashes would name a host", "write unix:/PATH")
        start += 2
    path = text[start:]
    if not path:
        raise mistake(text, start, start, "the path of the socket is missing", "write unix:/run/name.sock")
    if path[0] == "~" and path[1:2] in ("", "/"):
        advice = "write the whole path (or ./~ for a folder that is called so)"
        raise mistake(text, start, start + 1, "~ is not replaced here", advice)
    octets = len(path.encode("utf-8", "surrogateescape"))
    if octets > MAX_UNIX_PATH:
        what = f"the path of a socket has at most {MAX_UNIX_PATH} octets, this has {octets}"
        advice = "Linux keeps 108 octets for it, the last a NUL; use a shorter folder or a relative path"
        raise mistake(text, start, len(text), what, advice, "unix(7)")
    return Target("unix", "", None, path, text)


def _read_sqlite(text: str) -> Target:
    start = len("sqlite:")
    if text.startswith("///", start):
        # sqlite:///FILE is common elsewhere; sqlite://FILE would name a host.
        start += 2
    elif text.startswith("//", start):
        raise mistake(text, start, start + 2, "two slashes would name a host", "write sqlite:FILE")
    # Two slashes before a path mean no more than one, and would read as a host's.
    path = text[start:] if text[start : start + 2] != "//" else "/" + text[start:].lstrip("/")
    if not path:
        raise mistake(text, start, start, "the name of the file is missing", "write sqlite:FILE")
    if path[0] == "~" and path[1:2] in ("", "/"):
        advice = "write the whole path (or ./~ for a folder that is called so)"
        raise mistake(text, start, start + 1, "~ is not replaced here", advice)
    octets = len(path.encode("utf-8", "surrogateescape"))
    if octets > MAX_FILE:
        what = f"the path of a file has at most {MAX_FILE} octets, this has {octets}"
        raise mistake(text, start, len(text), what, "use a shorter folder or a relative path")
    return Target("sqlite", "", None, path, text)


def _read_lab(asked: Asked) -> Target:
    text = asked.text
    start = len("lab:")
    if asked.listening:
        what = "lab: names a server that is already there, nothing can listen on it"
        raise mistake(text, 0, start, what, "write 127.0.0.1:0 to listen on this machine")
    if text.startswith("//", start):
        raise mistake(
            text, start, start + 2, "no slashes follow lab:", f"write lab:{text[start + 2 :] or 'echo'}"
        )
    slash = text.find("/", start)
    end = len(text) if slash < 0 else slash
    if start == end:
        raise mistake(text, start, start, "the name of the Lab service is missing", "write it like lab:echo")
    _check_lab_name(text, start, end)
    return Target("lab", text[start:end], None, text[end:], text)


def _check_lab_name(text: str, start: int, end: int) -> None:
    name = text[start:end]
    colon = name.find(":")
    if colon >= 0:
        raise mistake(
            text, start + colon, end, "a Lab service chooses its own port", f"write lab:{name[:colon]}"
        )
    if is_digits(name):
        advice = f"write a name like lab:echo; for a machine that is called lab write lab.:{name}"
        raise mistake(text, start, end, "a Lab service has a name and no number", advice)
    small = name.lower()
    for i in range(start, end):
        if text[i] not in _LAB_CHARACTERS:
            advice = (
                f"write lab:{small}" if _LAB_CHARACTERS.issuperset(small) else "write it like lab:udp-echo"
            )
            what = "a Lab service's name has small letters, digits and hyphens only"
            raise mistake(text, i, i + 1, what, advice)
    if not name[0].isalpha():
        raise mistake(
            text, start, start + 1, "a Lab service's name begins with a letter", "write it like lab:echo"
        )
    if name[-1] == "-":
        raise mistake(text, end - 1, end, "a Lab service's name does not end with a hyphen", "remove it")
    if len(name) > MAX_LAB_NAME:
        what = f"a Lab service's name has at most {MAX_LAB_NAME} characters, this has {len(name)}"
        raise mistake(text, start, end, what, "write it like lab:echo")


def _read_url(asked: Asked, mark: int) -> Target:
    text = asked.text
    scheme = _read_scheme(text, mark)
    start = mark + len("://")
    end = min((at for at in (text.find(c, start) for c in "/?#") if at >= 0), default=len(text))
    if text[start:end].lower().startswith("lab:"):
        advice = f"write {text[start:]}"
        raise mistake(text, 0, start, "a Lab service is named without a scheme", advice)
    user = _read_user(text, start, end) if scheme in _WITH_USER else ""
    begin = start + len(user) + 1 if user else start
    _check_no_user(text, begin, end)
    if end < len(text) and scheme in PATHLESS:
        raise mistake(text, end, len(text), f"{scheme}:// has no path", f"write {text[:end]}")
    host, port = read_authority(asked, begin, end, scheme)
    return _with_port(Target(scheme, host, None, text[end:], text, user), port)


def _read_user(text: str, start: int, end: int) -> str:
    """The name before @, if that is all that stands there: a password is left for _check_no_user to refuse."""
    at = text.rfind("@", start, end)
    return text[start:at] if at > start and ":" not in text[start:at] and "@" not in text[start:at] else ""


def _read_scheme(text: str, mark: int) -> str:
    scheme = text[:mark].lower()
    source = "RFC 3986 section 3.1"
    if not scheme:
        raise mistake(
            text, 0, 0, "the scheme before :// is missing", "write it like http:// or tcp://", source
        )
    for i, character in enumerate(text[:mark]):
        if character.lower() not in _SCHEME_CHARACTERS or (i == 0 and not character.isalpha()):
            what = "a scheme begins with a letter and has letters, digits, +, - and . only"
            raise mistake(text, i, i + 1, what, "write it like http:// or tcp://", source)
    return scheme


def _read_plain(asked: Asked) -> Target:
    text = asked.text
    _check_no_user(text, 0, len(text))
    stop = min((at for at in map(text.find, "/?#") if at >= 0), default=-1)
    if stop == 0:
        raise mistake(
            text, 0, len(text), "this is a path and no HOST:PORT", f"write unix:{text} for a Unix socket"
        )
    if stop > 0:
        raise mistake(
            text, stop, len(text), "HOST:PORT has no path", f"write http://{text} for a web address"
        )
    if is_digits(text):
        host = "127.0.0.1" if asked.listening else "localhost"
        raise mistake(text, 0, 0, "the host before the port is missing", f"write {host}:{text}")
    host, port = read_authority(asked, 0, len(text))
    return _with_port(Target("tcp", host, None, "", text), port)


def _with_port(target: Target, port: int | str) -> Target:
    return target._replace(port=port) if isinstance(port, int) else target._replace(service=port)


def _check_no_user(text: str, start: int, end: int) -> None:
    at = text.rfind("@", start, end)
    if at < 0:
        return
    colon = text.find(":", start, at)
    if colon >= 0:
        # The error is shown and may be logged; the password must not travel with it.
        text = text[: colon + 1] + "*" * (at - colon - 1) + text[at:]
    what = "an address holds no user name and no password"
    raise mistake(text, start, at + 1, what, "remove it: addresses are shown and remembered")
