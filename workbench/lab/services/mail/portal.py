"""Who may log in to the Lab's mail servers, asked in Twisted's way."""

from typing import Any

from workbench.lab.services.mail.house import Account, House
from workbench.lab.services.mail.library import CramMD5Credentials, UnauthorizedLogin, defer, imap4


def mechanisms(names: str) -> dict[bytes, Any]:
    """Twisted's classes for these names, with blanks between; unknown ones are left out."""
    known = {
        "PLAIN": imap4.PLAINCredentials,
        "LOGIN": imap4.LOGINCredentials,
        "CRAM-MD5": _cram_md5,
    }
    return {name.encode(): known[name] for name in names.upper().split() if name in known}


def _cram_md5() -> Any:
    return CramMD5Credentials("lab.test")


class Portal:
    """Checks a login and gives what `made` makes of the account."""

    def __init__(self, house: House, made: Any) -> None:
        self._house = house
        self._made = made

    def login(self, credentials: Any, _mind: object, *interfaces: Any) -> Any:
        """A Deferred of Twisted's triple: interface, avatar, what to call at the end."""
        account = self.checked(credentials)
        if account is None:
            return defer.fail(UnauthorizedLogin())
        return defer.succeed((interfaces[-1], self._made(account), _nothing))

    def checked(self, credentials: Any) -> Account | None:
        """Whose they are; None where they are wrong."""
        account = self._house.of_login(credentials.username or b"")
        if account is None or not credentials.checkPassword(account.password.encode()):
            return None
        return account


def _nothing() -> None:
    """Nothing is to be done at a logout."""
