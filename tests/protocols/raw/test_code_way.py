"""Socket options and an address of ours in copied scripts: they do what they say, and each constant is there."""

import re
import socket
import subprocess
import sys

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.formats.target import parse_target
from workbench.protocols.raw.code import Recipe, python
from workbench.protocols.raw.code_way import needs_struct, opener, settings_lines
from workbench.protocols.raw.serve import Reply
from workbench.wire.options import OPTIONS, Setting, parse_setting


def settings(*texts: str) -> tuple[Setting, ...]:
    return tuple(parse_setting(text) for text in texts)


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=60)


def test_a_copied_client_calls_from_there_with_its_options():
    asked = settings("TTL=9", "NODELAY=1", "LINGER=3", "RCVBUF=8192")
    with scripted_peer([("expect", b"hi"), ("wait_eof",), ("send", b"bye")]) as peer:
        recipe = Recipe(
            parse_target(str(peer)), sends=[b"hi"], local=parse_target("127.0.0.3:1"), settings=asked
        )
        script = python(recipe._replace(local=recipe.local._replace(port=0)))  # type: ignore[union-attr]
        shown = "print(connection.getsockname()[0], connection.getsockopt(0, 2), file=sys.stderr)"
        script = script.replace("    sender.join()", f"    sender.join()\n    {shown}")
        done = run(script)
        peer.wait()
    assert done.stdout == "bye"
    assert done.stderr == "127.0.0.3 9\nend: FIN\n"
    for name in ("IP_TTL, 9", "TCP_NODELAY, 1", 'struct.pack("ii", 1, 3)', "SO_RCVBUF, 8192"):
        assert name in script


@pytest.mark.parametrize("is_v6", [False, True])
def test_every_option_is_spelled_by_a_constant_that_is_there(is_v6: bool):
    for option in OPTIONS:
        setting = Setting(option, None if option.kind == "linger" else option.low)
        line = settings_lines((setting,), "s", "", is_v6=is_v6)
        level, constant = re.findall(r"socket\.(\w+)", line)
        number = option.v6[1] if is_v6 and option.v6 is not None else option.number
        assert getattr(socket, constant) == number
        assert hasattr(socket, level)
        compile(line, "script", "exec")


def test_linger_alone_needs_struct():
    assert needs_struct(settings("LINGER=off"))
    assert not needs_struct(settings("TTL=1"))
    assert 'pack("ii", 0, 0)' in settings_lines(settings("LINGER=off"), "s", "", is_v6=False)


@pytest.mark.parametrize("target", ["unix:/tmp/x", "[::1]:80", "127.0.0.1:80"])
@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("listening", [False, True])
def test_every_kind_of_script_with_options_is_python(target: str, transport: str, listening: bool):
    if target.startswith("unix") and transport == "udp":
        return
    recipe = Recipe(
        parse_target(target),
        transport,  # type: ignore[arg-type]
        listen=listening,
        reply=Reply("echo"),
        settings=settings("SNDBUF=4096", "LINGER=1"),
    )
    script = python(recipe)
    compile(script, "script", "exec")
    assert "SO_SNDBUF, 4096" in script
    assert "import struct" in script


def test_a_unix_socket_is_opened_by_its_path():
    assert "connection.connect('/tmp/x')" in opener(parse_target("unix:/tmp/x"), None, ())
