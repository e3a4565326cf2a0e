"""A conversation under TLS as a capture: tshark reads what was said when it is given the keys, and only then."""

import subprocess
from pathlib import Path

import pytest

from tests.kit.cli import run_cli


@pytest.mark.real("tshark")
@pytest.mark.parametrize("secrets", [True, False])
def test_tshark_decrypts_a_talk_by_the_keys_in_its_capture(tmp_path: Path, secrets: bool):
    file = tmp_path / "talk.pcapng"
    words = ["--with-secrets"] if secrets else []
    done = run_cli(
        *("socket", "talk", "lab:tls-echo", "--tls", "--send", "read me if you can", "--json"),
        *("--transcript", str(file), *words),
    )
    assert done.returncode == 0, done
    port = done.json["peer"].rpartition(":")[2]
    read = subprocess.run(
        ["tshark", "-r", file, "-d", f"tcp.port=={port},tls", "-q", "-z", "follow,tls,ascii,0"],
        capture_output=True,
        timeout=60,
    )
    assert (b"read me if you can" in read.stdout) is secrets
