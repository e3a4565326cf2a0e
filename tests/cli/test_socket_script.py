"""`workbench socket script`: exit codes, documents and places, and `listen --rules`, whose files are read alike.

The arguments stand in workbench.cli.socket_script_arguments, the rules in workbench.cli.socket_listen_rules.
"""

from pathlib import Path

import pytest

from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from tests.kit.scripted_peer import scripted_peer


@pytest.fixture
def script(tmp_path: Path):
    def write(text: str) -> str:
        path = tmp_path / "talk.txt"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_all_steps_pass_and_the_document_lists_them(terminal: Terminal, script):
    path = script('expect "220"\nsend "QUIT\\r\\n"\nexpect regex "^221.*\\r\\n"\nexpect end FIN\n')
    with scripted_peer([("send", b"220 hi\r\n"), ("expect", b"QUIT\r\n"), ("send", b"221 bye\r\n")]) as peer:
        said = terminal("socket", "script", path, str(peer), "--json")
    assert (said.code, said.err) == (0, "")
    document = said.document
    assert document["ok"]
    assert (document["passed"], document["failed"], document["skipped"]) == (4, 0, 0)
    assert [step["line"] for step in document["steps"]] == [1, 2, 3, 4]
    assert document["steps"][1]["data"] == {"octets": 6, "text": "QUIT\r\n", "truncated": False}
    assert document["peer"] == str(peer)


def test_people_read_a_line_a_step(terminal: Terminal, script):
    with scripted_peer([("expect", b"x"), ("stall",)]) as peer:
        path = script('send "x"\nexpect "y" within 50ms\nsend "z"\n')
        said = terminal("socket", "script", path, str(peer))
    assert said.code == 3
    assert [line[0] for line in said.out.splitlines()] == ["✓", "✗", "·"]
    assert "talk.txt:2: nothing came within 50 ms" in said.err
    assert "✗ expect" in said.err


def test_something_else_is_exit_code_1(terminal: Terminal, script):
    with scripted_peer([("expect", b"x"), ("send", b"no"), ("wait_eof",)]) as peer:
        said = terminal("socket", "script", script('send "x"\nexpect "y" within 50ms'), str(peer), "--json")
    document = said.document
    assert said.code == 1
    assert document["failure"]["kind"] == "Refused"
    assert bytes.fromhex(document["failure"]["data_hex"]) == b"no"
    assert [step["verdict"] for step in document["steps"]] == ["passed", "failed"]
    assert document["unread"] == 2


def test_a_mistake_has_line_and_place_and_nothing_is_sent(terminal: Terminal, script):
    # Nobody is asked to connect: nobody listens there.
    said = terminal("socket", "script", script('send "x"\n  sned "y"\n'), "127.0.0.1:1", "--json")
    assert said.code == 2
    failure = said.document["failure"]
    assert failure["what"] == "talk.txt:2:3: 'sned' is no statement"
    assert failure["input"][failure["at"]["start"] : failure["at"]["end"]] == "sned"
    assert "steps" not in said.document
    said = terminal("socket", "script", script('send "x"\n  sned "y"\n'), "127.0.0.1:1")
    assert '  sned "y"\n    ^^^^' in said.err


@pytest.mark.parametrize(
    ("text", "words", "what"),
    [
        ('send "x"\nfinish', ["--udp"], "talk.txt:2:1: finish is for streams"),
        ("starttls", ["--tls"], "--tls begins with TLS"),
        ('send "x"', ["--sni", "name"], "--sni says how TLS is done"),
        ('send "x"', ["--udp", "--tls"], "TLS needs a stream"),
    ],
)
def test_what_does_not_go_together_is_refused_first(terminal: Terminal, script, text, words, what):
    said = terminal("socket", "script", script(text), "127.0.0.1:1", *words)
    assert said.code == 2
    assert what in said.err


def test_files_that_are_no_scripts(terminal: Terminal, tmp_path: Path):
    assert terminal("socket", "script", str(tmp_path / "none"), "127.0.0.1:1").code == 5
    (tmp_path / "octets").write_bytes(b"send\n\xff\n")
    said = terminal("socket", "script", str(tmp_path / "octets"), "127.0.0.1:1")
    assert said.code == 2
    assert "line 2: octet ff is no UTF-8" in said.err


def test_nobody_there_is_exit_code_3(terminal: Terminal, script):
    said = terminal("socket", "script", script('send "x"'), "127.0.0.1:1", "--json")
    assert said.code == 3
    assert said.document["failure"]["stage"] == "connect"


def test_the_lab_starttls_and_a_transcript(terminal: Terminal, script, tmp_path: Path):
    text = (
        'expect "220"\nsend "EHLO me\\r\\n"\nexpect "250 "\nsend "STARTTLS\\r\\n"\nexpect "220"\nstarttls\n'
        'send "EHLO me\\r\\n"\nexpect regex "250 .*\\r\\n"\nsend "QUIT\\r\\n"\nexpect "221"\n'
    )
    saved = tmp_path / "talk.jsonl"
    said = terminal("socket", "script", script(text), "lab:smtp", "--json", "--transcript", str(saved))
    assert said.code == 0, said.err
    assert said.document["passed"] == 10
    assert said.document["lab"] in ("joined", "private")
    assert '"script.passed"' in saved.read_text(encoding="utf-8")


def test_through_a_relay_that_cuts(terminal: Terminal, script):
    text = 'send "hello"\nexpect "hello" within 5s'
    said = terminal("socket", "script", script(text), "lab:echo", "--relay", "cut-after=2", "--json")
    assert said.code == 1
    assert "ended before" in said.document["failure"]["what"]


def test_standard_input_and_datagrams():
    done = run_cli("socket", "script", "-", "lab:udp-echo", "--udp", input=b'send "a"\nexpect "a"\n')
    assert done.returncode == 0, done
    assert "all 2 steps passed" in done.stderr


# listen --rules -----------------------------------------------------------------------------------------------------


def test_a_listener_follows_a_file_of_rules(script):
    path = script('on connect\nreply "hi\\r\\n"\non "PING"\nreply "PONG"\nthen finish\n')
    with running("socket", "listen", "127.0.0.1:0", "--rules", path, "--count", "1", "--json") as verb:
        listening = verb.document()
        assert (listening["rules"], listening["reply"]) == (2, "rules")
        talk = 'expect "hi\\r\\n"\nsend "PI"\nsend "NG"\nexpect "PONG"\nexpect end FIN\nfinish\n'
        done = run_cli("socket", "script", "-", listening["address"], "--json", input=talk)
        assert done.returncode == 0, done
        assert verb.wait() == 0


def test_a_listener_of_datagrams_follows_rules(script):
    path = script('on "a"\nreply "b"\n')
    with running(
        "socket", "listen", "127.0.0.1:0", "--udp", "--rules", path, "--count", "1", "--json"
    ) as verb:
        address = verb.document()["address"]
        done = run_cli("socket", "talk", address, "--udp", "--send", "a", "--expect", "b", "--json")
        assert done.returncode == 0, done
        assert verb.wait() == 0


@pytest.mark.parametrize(
    ("text", "words", "what"),
    [
        ('on "x"', [], "talk.txt:1:1: this rule does nothing"),
        ('on "x"\nthen reset', ["--udp"], "talk.txt:1:1: datagrams have no connection"),
        ('on "x"\nreply "y"', ["--reply", "echo"], "--rules and --reply"),
    ],
)
def test_wrong_rules_are_told_before_anybody_can_connect(terminal: Terminal, script, text, words, what):
    said = terminal("socket", "listen", "127.0.0.1:0", "--rules", script(text), *words)
    assert said.code == 2
    assert what in said.err
