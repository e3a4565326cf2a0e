"""What the console does, beside programs that never heard of us: STARTTLS of Dovecot and PostgreSQL, ncat, socat."""

import subprocess

import pytest

from tests.cli.documents import checked
from tests.cli.process import running
from tests.cli.waiting import wait_for
from tests.kit.cli import run_cli
from tests.kit.ports import free_port
from tests.protocols.imap.dovecot_server import dovecot
from tests.protocols.sql.postgres_server import is_there, postgres
from tests.real.test_socket_verbs_with_ncat import LIMIT_S, address_of, listens, program

SHOWN = ("--show-untrusted", "--timeout", "10", "--json")


@pytest.mark.real("dovecot", root=True)
def test_dovecot_is_asked_for_tls_by_imap_and_by_pop():
    with dovecot() as server:
        for protocol, port, word, answer in (
            ("imap", server.imap, r"a LOGOUT\r\n", "* BYE"),
            ("pop3", server.pop, r"QUIT\r\n", "+OK"),
        ):
            done = run_cli(
                "socket", "talk", f"127.0.0.1:{port}", "--starttls", protocol, "--send", word, *SHOWN
            )
            document = checked(done.json)
            assert done.returncode == 0, document
            assert document["tls"]["version"].startswith("TLSv1")
            assert document["received"]["text"].startswith(answer)


@pytest.mark.real("psql")
@pytest.mark.skipif(not is_there(), reason="PostgreSQL is not installed")
def test_postgresql_says_yes_or_no_in_one_octet():
    with postgres() as server:
        done = run_cli(
            "socket", "talk", f"127.0.0.1:{server.port}", "--starttls", "postgres", "--no-finish", "--expect",
            "nothing", *SHOWN[:1], "--timeout", "1", "--json",
        )  # fmt: skip
        document = checked(done.json)
        steps = [event["event"] for event in document["events"] if event["event"].startswith("starttls")]
        assert steps in (["starttls.started", "starttls.accepted"], ["starttls.started", "starttls.refused"])
        if steps[1] == "starttls.accepted":
            assert document["tls"]["version"].startswith("TLSv1")


@pytest.mark.real("ncat")
def test_ncat_is_greeted_counted_and_dropped_for_its_silence():
    words = ("--preset", "greet", "--count", "1", "--json")
    with running("socket", "listen", "127.0.0.1:0", *words) as verb:
        host, _, port = address_of(verb).rpartition(":")
        said = subprocess.run(
            ["ncat", host, port], input="héllo\n".encode(), capture_output=True, timeout=LIMIT_S, check=False
        )
        assert said.stdout.endswith(b"You entered 5 characters, in 6 octets.\r\n")
        assert verb.wait() == 0
    with running(
        "socket", "listen", "127.0.0.1:0", "--reply", "echo", "--idle", "0.3", "--count", "1", "--json"
    ) as verb:
        host, _, port = address_of(verb).rpartition(":")
        with program("ncat", "--recv-only", host, port) as silent:
            # It sees a plain end.
            assert silent.wait(LIMIT_S) == 0
        assert verb.wait() == 0


@pytest.mark.real("socat")
def test_socat_hears_our_broadcast_and_we_hear_its_answer():
    port = free_port()
    listening = f"UDP4-RECVFROM:{port},bind=127.255.255.255,reuseaddr,fork"
    with program("socat", listening, "EXEC:echo here"):
        wait_for(lambda: listens(port, "udp"))
        done = run_cli(
            "socket",
            "talk",
            f"127.255.255.255:{port}",
            "--udp",
            "--broadcast",
            "--send",
            "who?",
            "--quiet",
            "6",
            "--json",
        )
    document = checked(done.json)
    assert done.returncode == 0, document
    assert [answer["text"] for answer in document["answers"]] == ["here\n"]
