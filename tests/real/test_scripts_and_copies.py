"""Our scripts, rules and copied command lines with ncat, socat, openssl and Packet Sender, which never heard of us."""

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import running
from tests.cli.waiting import wait_for
from tests.kit.cli import environment, run_cli
from tests.kit.ports import free_port
from tests.real.test_socket_verbs_with_ncat import LIMIT_S, address_of, listens, program
from workbench.formats.target import parse_target
from workbench.lab.authority import Authority
from workbench.protocols.raw.code import Recipe
from workbench.protocols.raw.code_commands import ncat, openssl, socat
from workbench.protocols.raw.code_tls import TlsRecipe
from workbench.protocols.raw.serve import Reply

DATA = b'it\'s 100% "of" it: \\ $x `y`\r\n\0\xff\x80end\n'
RULES = 'on connect\nreply "220 hi\\r\\n"\non "PING"\ndelay 20ms\nreply "PONG ${counter}\\n"\non hex ff\nthen finish\n'
AUTHORITY = Authority()

with_ncat, with_socat = pytest.mark.real("ncat"), pytest.mark.real("socat")
with_openssl, with_packet_sender = pytest.mark.real("openssl"), pytest.mark.real("packetsender")


def ran(script: str) -> subprocess.CompletedProcess[bytes]:
    """A copied command, as a shell runs it."""
    words = ["sh", "-c", script]
    return subprocess.run(words, capture_output=True, timeout=LIMIT_S, env=environment(WAIT="0.5"))


def heard(script: str, wanted: bytes) -> bytes:
    """All that a copied command has said when it has said as much as is wanted; it would wait for more."""
    environ = environment(WAIT="60")
    with subprocess.Popen(
        ["sh", "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        start_new_session=True,
    ) as child:
        assert child.stdout is not None
        late = threading.Timer(LIMIT_S, os.killpg, (child.pid, signal.SIGKILL))
        late.start()
        try:
            said = child.stdout.read(len(wanted))
        finally:
            late.cancel()
            late.join()
            # All of its pipe, and of the shells in it, is in the group.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        rest, errors = child.communicate()
    assert said == wanted, errors
    return said + rest


@pytest.fixture(scope="module")
def echo_address():
    with running("socket", "listen", "127.0.0.1:0", "--reply", "echo", "--json") as verb:
        yield address_of(verb)
        verb.stop()


@pytest.fixture(scope="module")
def udp_echo_address():
    with running("socket", "listen", "127.0.0.1:0", "--udp", "--reply", "echo", "--json") as verb:
        yield address_of(verb)
        verb.stop()


@pytest.fixture(scope="module")
def tls_echo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    shown = AUTHORITY.server()
    (folder / "chain.pem").write_bytes(shown.chain)
    (folder / "key.pem").write_bytes(shown.key)
    words = ["--tls", "--cert", str(folder / "chain.pem"), "--key", str(folder / "key.pem"), "--alpn", "b"]
    with running("socket", "listen", "127.0.0.1:0", "--reply", "echo", *words, "--json") as verb:
        yield address_of(verb), folder
        verb.stop()


# Copied commands ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [pytest.param(ncat, marks=with_ncat), pytest.param(socat, marks=with_socat)],
    ids=["ncat", "socat"],
)
def test_a_copied_client_says_the_same(write, echo_address: str):
    done = ran(write(Recipe(parse_target(echo_address), sends=[DATA, b"more"])))
    assert (done.returncode, done.stdout) == (0, DATA + b"more"), done


@pytest.mark.parametrize(
    "write",
    [pytest.param(ncat, marks=with_ncat), pytest.param(socat, marks=with_socat)],
    ids=["ncat", "socat"],
)
def test_a_copied_client_of_datagrams_sends_them_apart(write, udp_echo_address: str):
    script = write(Recipe(parse_target(udp_echo_address), "udp", sends=[b"one", b"two"]))
    assert heard(script, b"onetwo") == b"onetwo"


@with_socat
def test_options_and_an_address_of_ours_are_taken_by_socat():
    with running("socket", "listen", "127.0.0.1:0", "--reply", "echo", "--count", "1", "--json") as verb:
        from workbench.wire.options import parse_setting

        settings = tuple(
            parse_setting(word) for word in ("NODELAY=1", "KEEPALIVE=1", "KEEPIDLE=9", "SNDBUF=9000")
        )
        target, local = parse_target(address_of(verb)), parse_target("127.0.0.7:0", listening=True)
        done = ran(socat(Recipe(target, sends=[b"x"], local=local, settings=settings)))
        accepted = verb.document()
        assert accepted["peer"].startswith("127.0.0.7:")
    assert (done.returncode, done.stdout) == (0, b"x"), done


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(ncat, marks=with_ncat),
        pytest.param(socat, marks=with_socat),
        pytest.param(openssl, marks=with_openssl),
    ],
    ids=["ncat", "socat", "openssl"],
)
def test_under_tls_a_copied_client_verifies_and_says_the_same(write, tls_echo):
    address, _ = tls_echo
    tls = TlsRecipe("localhost", alpn=("a", "b"), authorities=AUTHORITY.certificate.decode())
    recipe = Recipe(parse_target(address), sends=[b"hello\n"], tls=tls)
    assert heard(write(recipe), b"hello\n") == b"hello\n"
    wrong = write(recipe._replace(tls=tls._replace(authorities=Authority().certificate.decode())))
    assert ran(wrong).stdout == b""
    unchecked = write(recipe._replace(tls=tls._replace(authorities="", checks=False)))
    assert heard(unchecked, b"hello\n") == b"hello\n"


@pytest.mark.parametrize(
    "write",
    [pytest.param(ncat, marks=with_ncat), pytest.param(socat, marks=with_socat)],
    ids=["ncat", "socat"],
)
@pytest.mark.parametrize(
    ("reply", "answer"),
    [(Reply("echo"), b"hi"), (Reply("text", b'no, "it\'s" 100%\n'), b'no, "it\'s" 100%\n')],
)
def test_a_copied_listener_answers(write, reply: Reply, answer: bytes):
    port = free_port()
    place = parse_target(f"127.0.0.1:{port}", listening=True)
    with program("sh", "-c", "exec " + write(Recipe(place, listen=True, reply=reply)).splitlines()[-1]):
        wait_for(lambda: listens(port))
        # socat's shell ends at our end, and its answer with it: we wait for the answer first.
        expected = answer.decode().replace("\n", "\\n")
        done = run_cli("socket", "talk", f"127.0.0.1:{port}", "--send", "hi", "--expect", expected, "--json")
    assert done.returncode == 0, done
    assert checked(done.json)["received"]["text"] == answer.decode()


# Scripts and rules --------------------------------------------------------------------------------------------------


@with_ncat
def test_our_script_against_ncat():
    port = free_port()
    server = "printf '220 hi\\r\\n'; read x; echo \"got $x\"; read y; echo bye"
    script = (
        'expect "220 "\nexpect "\\r\\n"\nsend "one\\n"\nexpect regex "^got o.e$"\n'
        'send "two\\n"\nexpect "bye"\nexpect end FIN\n'
    )
    with program("ncat", "-l", "127.0.0.1", str(port), "-c", server):
        wait_for(lambda: listens(port))
        done = run_cli("socket", "script", "-", f"127.0.0.1:{port}", "--json", input=script)
    assert done.returncode == 0, done
    assert checked(done.json)["passed"] == 7


@with_socat
def test_our_script_against_socat_by_datagrams():
    port = free_port()
    with program("socat", f"UDP4-RECVFROM:{port},bind=127.0.0.1,fork", "SYSTEM:cat"):
        wait_for(lambda: listens(port, "udp"))
        script = 'repeat 2\nsend "a ${counter}"\nexpect regex "^a \\d$"\nend\nexpect nothing for 50ms\n'
        done = run_cli("socket", "script", "-", f"127.0.0.1:{port}", "--udp", "--json", input=script)
    assert done.returncode == 0, done


@pytest.mark.parametrize(
    "words", [pytest.param(["ncat"], marks=with_ncat), pytest.param(["socat", "-t5", "-"], marks=with_socat)]
)
def test_our_rules_answer_them(words: list[str], tmp_path: Path):
    (tmp_path / "rules").write_text(RULES, encoding="utf-8")
    with running(
        "socket", "listen", "127.0.0.1:0", "--rules", str(tmp_path / "rules"), "--count", "1", "--json"
    ) as verb:
        host, _, port = address_of(verb).rpartition(":")
        place = [f"TCP4:{host}:{port}"] if words[0] == "socat" else [host, port]
        with program(*words, *place) as client:
            output, _ = client.communicate(b"PING..PING\xff", timeout=LIMIT_S)
        assert verb.wait() == 0
    assert output == b"220 hi\r\nPONG 1\nPONG 2\n"


def packet_sender(*words: str, home: Path) -> subprocess.CompletedProcess[bytes]:
    environ = environment(QT_QPA_PLATFORM="offscreen", HOME=str(home), XDG_CONFIG_HOME=str(home))
    return subprocess.run(["packetsender", *words], capture_output=True, timeout=LIMIT_S, env=environ)


@with_packet_sender
def test_our_rules_answer_packet_sender_by_both_transports(tmp_path: Path):
    (tmp_path / "rules").write_text('on "PING"\nreply "PONG"\n', encoding="utf-8")
    for transport, ours in (("-t", []), ("-u", ["--udp"])):
        words = [*ours, "--rules", str(tmp_path / "rules"), "--count", "1", "--json"]
        with running("socket", "listen", "127.0.0.1:0", *words) as verb:
            host, _, port = address_of(verb).rpartition(":")
            done = packet_sender("-q", transport, "-w", "500", "-a", host, port, "PING", home=tmp_path)
            assert verb.wait() == 0
        assert bytes.fromhex(done.stdout.decode()) == b"PONG", done


@with_packet_sender
def test_packet_sender_sends_what_we_count_and_our_replies_reach_it(tmp_path: Path):
    with running(
        "socket", "listen", "127.0.0.1:0", "--udp", "--reply", "echo", "--count", "1", "--json"
    ) as verb:
        host, _, port = address_of(verb).rpartition(":")
        done = packet_sender("-q", "-u", "-w", "500", "-x", host, port, "de ad be ef", home=tmp_path)
        heard = verb.document()
        assert verb.wait() == 0
    assert heard["hex"] == "deadbeef"
    assert bytes.fromhex(done.stdout.decode()) == bytes.fromhex("deadbeef")
