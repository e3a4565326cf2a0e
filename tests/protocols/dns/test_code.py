"""Copies as a script and as a command line: they run without the workbench and say the same."""

import asyncio
import shlex
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.lab.houses import serving
from workbench.formats.target import Target
from workbench.protocols.dns.code import Recipe, dig, python
from workbench.protocols.dns.values import Question, Wish

SERVER = Target("tcp", "127.0.0.1", 5353)


async def run_script(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = folder / "script.py"
    script.write_text(text)
    command = [sys.executable, "-I", str(script)]
    return await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    "wish", [Wish(), Wish("tcp"), Wish("udp", False, True, 0), Wish("udp", False, False, 0)]
)
async def test_the_script_asks_the_same_question(tmp_path: Path, wish: Wish):
    async with serving("dns") as served:
        server = Target("tcp", served.host, served.port)
        done = await run_script(
            python(Recipe(server, wish, Question("www.lab.test.", "A"), note="A note.")), tmp_path
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "NOERROR\nwww.lab.test. 300 IN A 192.0.2.1\n"


async def test_the_script_goes_on_by_tcp_where_the_answer_was_cut_off(tmp_path: Path):
    async with serving("dns") as served:
        server = Target("tcp", served.host, served.port)
        done = await run_script(python(Recipe(server, Wish(), Question("large.lab.test.", "TXT"))), tmp_path)
    assert done.stdout.count("IN TXT") == 6


@pytest.mark.parametrize(
    ("address", "code", "last"),
    [
        ("192.0.2.1", 0, "match"),
        ("192.0.2.12", 0, "match"),
        ("::ffff:192.0.2.1", 0, "match"),
        ("2001:db8::1", 0, "match"),
        ("192.0.2.66", 1, "no match"),
        ("192.0.2.99", 1, "no match"),
    ],
)
async def test_the_script_checks_the_same_address(tmp_path: Path, address: str, code: int, last: str):
    async with serving("dns") as served:
        server = Target("tcp", served.host, served.port)
        done = await run_script(python(Recipe(server, Wish(), None, ip_address(address))), tmp_path)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("wish", "options"),
    [
        (Wish(), ["+bufsize=1232"]),
        (Wish("tcp", False, True), ["+tcp", "+norecurse", "+dnssec", "+bufsize=1232"]),
        (Wish("udp", True, False, 0), ["+noedns"]),
    ],
)
def test_the_command_line_says_how(wish: Wish, options: list[str]):
    words = shlex.split(dig(Recipe(SERVER, wish, Question("www.lab.test.", "MX"))))
    assert words[:4] == ["dig", "@127.0.0.1", "-p", "5353"]
    assert words[words.index("-q") + 1] == "www.lab.test."
    assert words[words.index("-t") + 1] == "MX"
    assert [word for word in words if word.startswith("+")] == options


def test_the_usual_port_is_left_out():
    assert "-p" not in dig(Recipe(Target("tcp", "192.0.2.53", 53), Wish(), Question("a.", "A")))


def test_no_name_becomes_a_command():
    hostile = Question(r"$\(reboot\)\032;'x.test.", "A")
    assert shlex.split(dig(Recipe(SERVER, Wish(), hostile)))[5] == hostile.name
    compile(python(Recipe(SERVER, Wish(), Question("'\"\n.test.", "A"))), "script", "exec")
