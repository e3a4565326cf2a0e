"""Our client against vsftpd, which insists on TLS sessions; lftp and curl against the Lab and the same vsftpd."""

import contextlib
import hashlib
import os
import pwd
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.kit.ports import free_port
from tests.kit.real import find_program
from tests.lab.houses import serving
from tests.protocols.ftp.servers import client_at, refused_with
from workbench.jobs.offload import in_thread
from workbench.lab.authority import lab_authority
from workbench.lab.services.ftp.tree import ALL_OCTETS, FILES
from workbench.protocols.ftp.code import Deed, Recipe, curl, lftp, python
from workbench.protocols.ftp.partial import Download, Upload
from workbench.protocols.ftp.security import Security, secured_by
from workbench.transcript.recorder import Transcript
from workbench.wire.tls.values import TlsOptions, Trust

pytestmark = pytest.mark.real("vsftpd", root=True)

SOON_S = 60.0


class Vsftpd(NamedTuple):
    """A running one: its port, and the folder that everybody sees."""

    port: int
    root: Path


@contextlib.contextmanager
def vsftpd(**settings: str) -> Iterator[Vsftpd]:
    """Run it as an ordinary child with a configuration of its own; its clients are anonymous."""
    # Not below the test's own folder, which the user that vsftpd becomes may not enter.
    with tempfile.TemporaryDirectory(prefix="workbench-vsftpd-") as name:
        place = Path(name)
        place.chmod(0o755)
        root, empty = place / "root", place / "empty"
        for folder in (root, empty, root / "in", root / "sub dir", root / "locked"):
            folder.mkdir()
        (root / "bin.dat").write_bytes(ALL_OCTETS)
        (root / " lead").write_bytes(b"a name with a blank in front")
        (root / "sub dir" / "x").write_bytes(b"x")
        (root / "link").symlink_to("bin.dat")
        user = pwd.getpwnam("ftp")
        os.chown(root / "in", user.pw_uid, user.pw_gid)
        (root / "locked").chmod(0o700)
        port = free_port()
        values = {
            "listen": "YES",
            "listen_address": "127.0.0.1",
            "listen_port": str(port),
            "background": "NO",
            "anonymous_enable": "YES",
            "local_enable": "NO",
            "no_anon_password": "NO",
            "ftp_username": "ftp",
            "anon_root": str(root),
            "write_enable": "YES",
            "anon_upload_enable": "YES",
            "anon_mkdir_write_enable": "YES",
            "anon_other_write_enable": "YES",
            "anon_umask": "022",
            "secure_chroot_dir": str(empty),
            "seccomp_sandbox": "NO",
            "xferlog_enable": "NO",
            "vsftpd_log_file": str(place / "log"),
            **settings,
        }
        if "ssl_enable" in settings:
            identity = lab_authority().server()
            (place / "server.pem").write_bytes(identity.chain + identity.key)
            values |= {
                "rsa_cert_file": str(place / "server.pem"),
                "rsa_private_key_file": str(place / "server.pem"),
                "allow_anon_ssl": "YES",
                "ssl_ciphers": "HIGH",
            }
        (place / "conf").write_text("".join(f"{key}={value}\n" for key, value in values.items()))
        program = find_program("vsftpd")
        assert program is not None
        with subprocess.Popen(
            [program, str(place / "conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as child:
            try:
                _until_it_listens(port, child)
                yield Vsftpd(port, root)
            finally:
                child.terminate()


def _until_it_listens(port: int, child: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert child.stdout is not None
        # It says something only when it can't begin.
        if select.select([child.stdout], [], [], 0.05)[0]:
            raise AssertionError(f"vsftpd did not begin: {child.stdout.read(400)!r}")
    raise AssertionError("vsftpd did not listen")


async def tls(highest: str = "") -> Security:
    trust = Trust(False, lab_authority().certificate)
    return await secured_by(TlsOptions(server_name="localhost", trust=trust, max_version=highest))  # type: ignore[arg-type]


async def test_a_server_without_mlsd_is_listed_by_list(tmp_path: Path):
    transcript = Transcript()
    with vsftpd() as server:
        async with client_at(server.port, transcript=transcript) as client:
            listing = await client.list(b"/")
            kinds = {entry.name: entry.kind for entry in listing.entries}
            assert listing.command == "LIST"
            folders = {b"in": "folder", b"sub dir": "folder", b"locked": "folder"}
            assert kinds == folders | {b"bin.dat": "file", b" lead": "file", b"link": "link"}
            assert [entry.name for entry in (await client.list(b"/sub dir")).entries] == [b"x"]
            await client.download(b"/ lead", Download(str(tmp_path / "lead")))
            moved = await client.download(b"/bin.dat", Download(str(tmp_path / "b")))
            assert moved.sha256 == hashlib.sha256(ALL_OCTETS).hexdigest()
            with refused_with("550"):
                await client.download(b"/none", Download(str(tmp_path / "none")))
    assert (tmp_path / "lead").read_bytes() == b"a name with a blank in front"
    assert {path.name for path in tmp_path.iterdir()} == {"lead", "b"}
    transcript.close()


@pytest.mark.parametrize("highest", ["1.2", ""])
async def test_sessions_are_reused_where_the_server_insists(highest: str, tmp_path: Path):
    transcript = Transcript()
    settings = {"force_anon_data_ssl": "YES", "force_anon_logins_ssl": "YES", "require_ssl_reuse": "YES"}
    (tmp_path / "up").write_bytes(ALL_OCTETS * 100)
    with vsftpd(ssl_enable="YES", **settings) as server:
        async with client_at(server.port, security=await tls(highest), transcript=transcript) as client:
            for at in range(3):
                moved = await client.download(b"/bin.dat", Download(str(tmp_path / f"b{at}")))
                assert (moved.resumed_tls, moved.total) == (True, 5120)
            sent = await client.upload(Upload(str(tmp_path / "up")), b"/in/up")
            assert sent.resumed_tls is True
            assert len((await client.list(b"/")).entries) == 6
        assert (server.root / "in" / "up").read_bytes() == ALL_OCTETS * 100
    transcript.close()


async def test_resuming_renaming_and_deleting(tmp_path: Path):
    whole = ALL_OCTETS * 200
    (tmp_path / "up").write_bytes(whole)
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    with vsftpd() as server:
        async with client_at(server.port) as client:
            await client.upload(Upload(str(tmp_path / "half")), b"/in/f")
            moved = await client.upload(Upload(str(tmp_path / "up")), b"/in/f", resume=True)
            assert (moved.start, moved.total) == (len(whole) // 2, len(whole))
            assert (server.root / "in" / "f").read_bytes() == whole
            (tmp_path / "d.partial").write_bytes(whole[:1000])
            back = await client.download(b"/in/f", Download(str(tmp_path / "d"), resume=True))
            assert (back.start, back.sha256) == (1000, hashlib.sha256(whole).hexdigest())
            await client.make_folder(b"/in/new")
            await client.rename(b"/in/f", b"/in/new/g")
            await client.delete(b"/in/new/g")
            await client.remove_folder(b"/in/new")
        assert list((server.root / "in").iterdir()) == []


@pytest.mark.real("lftp")
@pytest.mark.real("curl")
@pytest.mark.parametrize("protected", [False, True])
async def test_copied_scripts_do_the_same_at_the_lab(protected: bool, tmp_path: Path):
    async with serving("ftp", tls="required" if protected else "none") as served:
        for name, write in (("curl", curl), ("lftp", lftp), ("python", python)):
            out = tmp_path / name
            deeds = (Deed("list", b"/old"), Deed("get", b"/two channels.txt", str(out)))
            certificates = lab_authority().certificate.decode() if protected else ""
            recipe = Recipe("127.0.0.1", served.port, "anonymous", deeds, protected, "", certificates)
            script = tmp_path / f"{name}.script"
            script.write_text(write(recipe))
            (tmp_path / "lab-authority.pem").write_text(certificates)
            argv = {"curl": ["sh"], "lftp": ["lftp", "--norc", "-f"], "python": [sys.executable]}[name]
            done = await in_thread(
                subprocess.run, [*argv, str(script)], capture_output=True, text=True, timeout=60, cwd=tmp_path
            )
            assert done.returncode == 0, (name, done)
            assert "1985.txt" in done.stdout
            assert out.read_bytes() == FILES["two channels.txt"]


@pytest.mark.real("lftp")
async def test_lftp_mirrors_the_labs_tree_under_tls(tmp_path: Path):
    assert shutil.which("lftp")
    (tmp_path / "ca.pem").write_bytes(lab_authority().certificate)
    async with serving("ftp", tls="required") as served:
        orders = (
            f"set ssl:ca-file {tmp_path}/ca.pem; set ftp:ssl-force yes; set ftp:ssl-allow-anonymous yes; "
            f"set ftp:ssl-protect-data yes; "
            f"set cmd:fail-exit yes; open -p {served.port} 127.0.0.1; mirror /old/notes {tmp_path}/out; bye"
        )
        done = await in_thread(
            subprocess.run, ["lftp", "--norc", "-c", orders], capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 0, done
    assert (tmp_path / "out" / "1998.txt").read_bytes() == FILES["old/notes/1998.txt"]
