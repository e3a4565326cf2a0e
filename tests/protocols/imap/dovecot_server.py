"""Dovecot as an ordinary child with a folder of its own; whoever has the password "secret" is let in, under any name.

It calls a client on its own address secure, so it listens on 127.0.0.2 too, where it wants TLS before any password.
Only root can start it.
"""

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.kit.ports import free_port
from tests.kit.real import find_program
from workbench.lab.authority import lab_authority

SOON_S = 60.0
PASSWORD = "secret"


def can_start() -> bool:
    """Whether it is installed, and we may start it."""
    return os.geteuid() == 0 and find_program("dovecot") is not None


class Dovecot(NamedTuple):
    """A running one: its ports; the second address is one that it does not call secure."""

    imap: int
    imaps: int
    pop: int
    place: Path


def until_it_greets(port: int, child: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return once the server has said its first line: listening begins before it can serve."""
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), SOON_S) as peer:
            peer.settimeout(SOON_S)
            if peer.recv(64):
                return
        if child.poll() is not None:
            break
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(0.05)
    raise AssertionError(f"it did not begin: {log.read_text()[-2000:]}")


@contextlib.contextmanager
def running(argv: list[str], port: int, log: Path) -> Iterator[None]:
    """A server as a child in a group of its own; on leaving all of the group is ended."""
    with log.open("wb") as out:
        child = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        until_it_greets(port, child, log)
        yield
    finally:
        child.terminate()
        try:
            child.wait(SOON_S)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait(SOON_S)


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Run one until the block is left."""
    program = find_program("dovecot")
    assert program is not None
    with tempfile.TemporaryDirectory(prefix="wb-dovecot-") as name:
        place = Path(name)
        place.chmod(0o755)
        for folder in ("run", "state", "home"):
            (place / folder).mkdir()
        os.chown(place / "home", pwd.getpwnam("nobody").pw_uid, -1)
        identity = lab_authority().server()
        (place / "chain.pem").write_bytes(identity.chain)
        (place / "key.pem").write_bytes(identity.key)
        imap, imaps, pop = free_port(), free_port(), free_port()
        (place / "conf").write_text(
            f"""
base_dir = {place}/run
state_dir = {place}/state
log_path = /dev/stderr
protocols = imap pop3
ssl = yes
ssl_cert = <{place}/chain.pem
ssl_key = <{place}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
mail_location = maildir:~/Maildir
maildir_very_dirty_syncs = yes
first_valid_uid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={place}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = .
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1 127.0.0.2
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    address = 127.0.0.1 127.0.0.2
    port = {pop}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
"""
        )
        with running([program, "-F", "-c", str(place / "conf")], imap, place / "log"):
            yield Dovecot(imap, imaps, pop, place)
