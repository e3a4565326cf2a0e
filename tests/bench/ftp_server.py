"""An FTP server for us and for every peer: python -m tests.bench.ftp_server FOLDER. Its first line is its port."""

import logging
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer


def main() -> None:
    """Serve one folder to anybody, on loopback."""
    logging.disable(logging.CRITICAL)
    authorizer = DummyAuthorizer()
    authorizer.add_anonymous(sys.argv[1])

    class Handler(FTPHandler):
        """Anonymous, and with the system's own copying (sendfile)."""

    Handler.authorizer = authorizer
    server = FTPServer(("127.0.0.1", 0), Handler)
    print(server.address[1], flush=True)
    server.serve_forever(handle_exit=False)


if __name__ == "__main__":
    main()
