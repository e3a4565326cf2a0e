"""What is used of pyftpdlib, imported without the warning that Python 3.11 has for what pyftpdlib stands on.

Python 3.12 dropped asyncore and asynchat; there the packages pyasyncore and pyasynchat, which we depend on, are them.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.filesystems import AbstractedFS
    from pyftpdlib.handlers import FTPHandler, TLS_DTPHandler, TLS_FTPHandler
    from pyftpdlib.ioloop import IOLoop

__all__ = ["AbstractedFS", "DummyAuthorizer", "FTPHandler", "IOLoop", "TLS_DTPHandler", "TLS_FTPHandler"]
