"""A real PostgreSQL server in a folder of its own, as an ordinary child; used by tests/real and tests/bench.

PostgreSQL refuses root, so root lends it the user that Debian's package made. Its folder stands outside the test's
own, which that user may not enter.
"""

import contextlib
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.kit.ports import free_port
from workbench.lab.authority import lab_authority

PASSWORD = "geheim-4711"
ADMIN = "keeper"
SOON_S = 60.0
HBA = """
local all all trust
host all clear 127.0.0.1/32 password
host all old 127.0.0.1/32 md5
host all all 127.0.0.1/32 scram-sha-256
"""


class Postgres(NamedTuple):
    """A running one. folder: with the socket; ca: the authority of its certificate, PEM."""

    port: int
    folder: Path
    ca: Path

    def url(self, user: str = ADMIN, options: str = "") -> str:
        """The address by TCP, without a password."""
        return f"postgresql://{user}@localhost:{self.port}/postgres{options}"

    def conninfo(self, user: str = ADMIN) -> str:
        """For psql and psycopg, by the socket."""
        return f"host={self.folder} port={self.port} user={user} dbname=postgres"

    def psql(self, text: str) -> str:
        """What psql says to a statement."""
        made = subprocess.run(
            [program("psql"), "--no-psqlrc", "-At", "--set", "ON_ERROR_STOP=1", self.conninfo(), "-c", text],
            capture_output=True,
            text=True,
            timeout=SOON_S,
            check=True,
        )
        return made.stdout


def program(name: str) -> str:
    """A program of PostgreSQL: Debian has a folder for each version."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}")) or [shutil.which(name) or ""]
    return found[-1]


def is_there() -> bool:
    """Whether the server's programs are installed."""
    return bool(program("initdb")) and bool(program("postgres"))


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server with TLS; it listens on loopback and on a socket, and is gone when the context is left."""
    with tempfile.TemporaryDirectory(prefix="workbench-pg-", dir="/tmp") as name:
        place = Path(name)
        user = _ordinary()
        identity = lab_authority().server()
        (place / "ca.pem").write_bytes(lab_authority().certificate)
        (place / "password").write_text(PASSWORD, encoding="ascii")
        data = place / "data"
        _own(place, user)
        _as(
            user,
            program("initdb"),
            "-D",
            str(data),
            "-U",
            ADMIN,
            "--auth=scram-sha-256",
            "-N",
            "--no-locale",
            "-E",
            "UTF8",
            f"--pwfile={place / 'password'}",
        )
        (data / "server.pem").write_bytes(identity.chain)
        (data / "key.pem").write_bytes(identity.key)
        (data / "key.pem").chmod(0o600)
        (data / "pg_hba.conf").write_text(HBA, encoding="ascii")
        (place / "password").unlink()
        _own(data, user)
        port = free_port()
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": place,
            "fsync": "off",
            "ssl": "on",
            "ssl_cert_file": "server.pem",
            "ssl_key_file": "key.pem",
            "max_connections": 30,
            "lc_messages": "C",
        }
        command = [program("postgres"), "-D", str(data)]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        child = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, **_lent(user))
        try:
            _wait_until_ready(child)
            yield Postgres(port, place, place / "ca.pem")
        finally:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(SOON_S)
            finally:
                child.kill()
                child.wait()
                assert child.stderr is not None
                child.stderr.close()


def _wait_until_ready(child: "subprocess.Popen[bytes]") -> None:
    assert child.stderr is not None
    said = b""
    # Its log is read line by line: it says so itself when it is ready.
    for line in child.stderr:
        said += line
        if b"ready to accept connections" in line:
            return
    raise AssertionError(f"PostgreSQL did not start: {said.decode(errors='replace')}")


def _ordinary() -> "pwd.struct_passwd | None":
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _lent(user: "pwd.struct_passwd | None") -> dict[str, object]:
    environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    if user is None:
        return {"env": environment, "cwd": "/"}
    return {"env": environment, "cwd": "/", "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _as(user: "pwd.struct_passwd | None", *command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=SOON_S, **_lent(user))  # type: ignore[call-overload]


def _own(folder: Path, user: "pwd.struct_passwd | None") -> None:
    if user is None:
        return
    os.chown(folder, user.pw_uid, user.pw_gid)
    for path in folder.rglob("*"):
        os.chown(path, user.pw_uid, user.pw_gid)
    folder.chmod(0o755 if folder.name != "data" else 0o700)
