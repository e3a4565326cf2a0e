"""The client that spins while it waits, as a script of the standard library; one for every way of waiting."""

from collections.abc import Mapping

from workbench.errors import LocalMisuse
from workbench.formats.target import Target

_HEAD = '''"""Print what {place} sends, and turn a spinner meanwhile; waiting by {title}."""

{imports}

EVERY_S = {every_s}

'''
_CONNECT = """with socket.create_connection(({host!r}, {port}), timeout=30) as connection:
    connection.setblocking(False)
"""
_TAIL = """        turns += 1
        print("-\\\\|/"[turns % 4], end="\\b", file=sys.stderr, flush=True)
        if not ready:
            continue
        try:
            data = connection.recv(65536)
        except ConnectionResetError:
            print("end: RST", file=sys.stderr)
            break
        if not data:
            print("end: FIN", file=sys.stderr)
            break
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
"""
_BODIES: Mapping[str, tuple[str, str]] = {
    "poll": (
        "import select\nimport socket\nimport sys",
        """    waiting = select.poll()
    waiting.register(connection, select.POLLIN)  # POLLERR and POLLHUP are told unasked
    turns = 0
    while True:
        # Not "== POLLIN": the last octets may come together with POLLHUP.
        told = waiting.poll(EVERY_S * 1000)
        ready = any(mask & (select.POLLIN | select.POLLERR | select.POLLHUP) for _, mask in told)
""",
    ),
    "select": (
        "import select\nimport socket\nimport sys",
        """    turns = 0
    while True:
        # A reset shows in the first list too; the third is for urgent octets.
        ready, _, _ = select.select([connection], [], [], EVERY_S)
""",
    ),
    "epoll": (
        "import select\nimport socket\nimport sys",
        """    waiting = select.epoll()
    waiting.register(connection, select.EPOLLIN)
    turns = 0
    while True:
        ready = waiting.poll(EVERY_S)
""",
    ),
    "selectors": (
        "import selectors\nimport socket\nimport sys",
        """    waiting = selectors.DefaultSelector()
    waiting.register(connection, selectors.EVENT_READ)
    turns = 0
    while True:
        ready = waiting.select(EVERY_S)
""",
    ),
}
_BODIES = {**_BODIES, "kqueue": _BODIES["selectors"]}
_ASYNCIO = '''"""Print what {place} sends, and turn a spinner meanwhile; waiting by asyncio's loop."""

import asyncio
import sys

EVERY_S = {every_s}


async def spin():
    turns = 0
    while True:
        await asyncio.sleep(EVERY_S)
        turns += 1
        print("-\\\\|/"[turns % 4], end="\\b", file=sys.stderr, flush=True)


async def main():
    reader, writer = await asyncio.open_connection({host!r}, {port})
    spinner = asyncio.create_task(spin())
    try:
        while data := await reader.read(65536):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        print("end: FIN", file=sys.stderr)
    except ConnectionResetError:
        print("end: RST", file=sys.stderr)
    finally:
        spinner.cancel()
        writer.close()


asyncio.run(main())
'''


def client_script(engine: str, target: Target, every_s: float = 0.05) -> str:
    """The script for a way of waiting. Raises: LocalMisuse: no such way, or no place that a script could reach."""
    if target.is_lab or target.port is None:
        raise LocalMisuse("a script needs HOST:PORT", stage="copy", advice="connect first")
    values = {"host": target.host, "port": target.port, "every_s": every_s, "place": str(target)}
    if engine == "asyncio":
        return _ASYNCIO.format(**values)
    if engine not in _BODIES:
        raise LocalMisuse(f"there is no way of waiting called {engine}", stage="copy")
    imports, body = _BODIES[engine]
    head = _HEAD.format(**values, title=engine, imports=imports)
    return head + _CONNECT.format(**values) + body + _TAIL
