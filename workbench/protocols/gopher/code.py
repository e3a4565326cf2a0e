""" "Copy as": the same request as a script of the standard library, on each of four levels of abstraction.

The library's own module for Gopher is gone since Python 2, and its URL opener never got one in Python 3: both are
written out in the script, in a dozen lines, and that is what is to be seen.
"""

import shlex
from typing import Final

from workbench.protocols.gopher.address import written
from workbench.protocols.gopher.codec import encode
from workbench.protocols.gopher.values import Request

HEAD: Final = '"""{}, copied from Network Workbench."""\n\n'


def python(request: Request, level: int = 1) -> str:
    """A script that writes the answer to standard output.

    Args:
        level: 1 sockets, 2 a file, 3 a module of the protocol, 4 an opener of addresses.

    Raises: LocalMisuse: the request can't be encoded.
    """
    return (_sockets, _file, _module, _opener)[level - 1](request)


def curl(request: Request) -> str:
    """A command line; curl sends CR LF always."""
    encode(request)
    return shlex.join(["curl", "--silent", written(request)]) + "\n"


def _place(request: Request) -> str:
    return f"({request.target.host!r}, {request.target.port})"


def _sockets(request: Request) -> str:
    return HEAD.format("Gopher with calls of sockets alone") + (
        f"""import socket
import sys

connection = socket.create_connection({_place(request)}, timeout=30)
connection.sendall({encode(request)!r})
while data := connection.recv({request.read_octets}):
    sys.stdout.buffer.write(data)
connection.close()
"""
    )


def _file(request: Request) -> str:
    wire = encode(request)
    return HEAD.format("Gopher with a socket that is used like a file") + (
        f"""import socket
import sys

with socket.create_connection({_place(request)}, timeout=30) as connection, connection.makefile("rwb") as file:
    file.write({wire!r})
    file.flush()  # until here it only stood in the file's buffer
    for line in file:
        sys.stdout.buffer.write(line)
"""
    )


_MODULE: Final = '''

def fetch(host, port, line):
    """Ask a Gopher server; returns a file to read the answer from."""
    with socket.create_connection((host, port), timeout=30) as connection:
        connection.sendall(line)
        answer = io.BytesIO()
        while data := connection.recv({size}):
            answer.write(data)
    answer.seek(0)
    return answer
'''


def _module(request: Request) -> str:
    target = request.target
    return HEAD.format("Gopher by a module for the protocol") + (
        "import io\nimport socket\nimport sys\n"
        + _MODULE.replace("{size}", str(request.read_octets))
        + f"\n\nsys.stdout.buffer.write(fetch({target.host!r}, {target.port}, {encode(request)!r}).read())\n"
    )


def _opener(request: Request) -> str:
    return HEAD.format("Gopher by an opener of addresses") + (
        "import io\nimport socket\nimport sys\nimport urllib.parse\nimport urllib.request\nimport urllib.response\n"
        + _MODULE.replace("{size}", str(request.read_octets))
        + f'''

class GopherHandler(urllib.request.BaseHandler):
    """What the standard library lacks: it answers "unknown url type: gopher" without this."""

    def gopher_open(self, request):
        address = urllib.parse.urlsplit(request.full_url)
        # One character of the path is the type of the item, and the server never hears of it.
        selector = urllib.parse.unquote_to_bytes(address.path[2:])
        answer = fetch(address.hostname, address.port or 70, selector + b"\\r\\n")
        return urllib.response.addinfourl(answer, {{}}, request.full_url)


opener = urllib.request.build_opener(GopherHandler)
sys.stdout.buffer.write(opener.open({written(request)!r}, timeout=30).read())
'''
    )
