"""What is used of Twisted, imported without its reactor: the Lab turns these protocols by its own loop.

WORKAROUND twisted.mail.smtp: it imports the reactor for the defaults of its client's functions, which nobody calls
here. That would choose a reactor for the whole process; so an empty module stands in its place for so long.
"""

import sys
import types
from typing import Any

import twisted.internet

_REACTOR = "twisted.internet.reactor"
_stands_in = _REACTOR not in sys.modules
if _stands_in:
    sys.modules[_REACTOR] = types.ModuleType(_REACTOR)
try:
    import twisted.cred.credentials
    import twisted.cred.error
    import twisted.internet.defer
    import twisted.internet.error
    import twisted.internet.interfaces
    import twisted.mail.imap4
    import twisted.mail.pop3
    import twisted.mail.smtp
    import twisted.python.failure
finally:
    if _stands_in:
        del sys.modules[_REACTOR]
        if hasattr(twisted.internet, "reactor"):
            del twisted.internet.reactor

# Twisted has types here and there; for what is half known nothing is better.
_all: Any = twisted
defer, imap4, pop3, smtp = _all.internet.defer, _all.mail.imap4, _all.mail.pop3, _all.mail.smtp
CramMD5Credentials, UnauthorizedLogin = (
    _all.cred.credentials.CramMD5Credentials,
    _all.cred.error.UnauthorizedLogin,
)
ConnectionDone, Failure = _all.internet.error.ConnectionDone, _all.python.failure.Failure
ISSLTransport, ITLSTransport = _all.internet.interfaces.ISSLTransport, _all.internet.interfaces.ITLSTransport

__all__ = [
    "ConnectionDone",
    "CramMD5Credentials",
    "Failure",
    "ISSLTransport",
    "ITLSTransport",
    "UnauthorizedLogin",
    "defer",
    "imap4",
    "pop3",
    "smtp",
]
