"""Our questions to BIND's named, and BIND's dig to our name server: another program's idea of the same documents."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.waiting import wait_for
from tests.kit.cli import run_cli
from tests.kit.ports import free_port
from tests.kit.real import find_program
from tests.lab.houses import serving
from tests.protocols.dns.messages import SAMPLES
from tests.real.test_socket_verbs_with_ncat import listens
from workbench.formats.target import Target
from workbench.protocols.dns.client import lookup
from workbench.protocols.dns.code import Recipe, dig
from workbench.protocols.dns.values import Outcome, Question, Wish
from workbench.transcript.recorder import Transcript

named = pytest.mark.real("named", "dig")

FORWARD = """$TTL 300
@ SOA ns1.real.test. people.real.test. 7 3600 600 86400 60
@ NS ns1.real.test.
@ MX 50 d.real.test.
@ MX 10 a.real.test.
ns1 A 127.0.0.1
www A 192.0.2.1
www AAAA 2001:db8::1
alias CNAME www.real.test.
out CNAME www.elsewhere.test.
below NS ns.below.real.test.
ns.below A 127.0.0.1
*.wild TXT "anything"
strings TXT "two" "str\\"ings" "\\027[31m"
"""
LARGE = "".join(f'large TXT "{number} {"." * 200}"\n' for number in range(10))
REVERSE = """$TTL 300
@ SOA ns1.real.test. people.real.test. 7 3600 600 86400 60
@ NS ns1.real.test.
1 PTR www.real.test.
10 CNAME 10.0-15.2.0.192.in-addr.arpa.
10.0-15 PTR alias.real.test.
66 PTR ns1.real.test.
67 PTR nowhere.real.test.
"""
CONFIG = """options {{
    directory "{folder}"; pid-file "named.pid"; session-keyfile "session.key"; managed-keys-directory "{folder}";
    listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
    recursion no; dnssec-validation no; allow-query {{ any; }}; minimal-responses yes;
}};
controls {{ }};
zone "real.test" {{ type primary; file "forward.zone"; }};
zone "2.0.192.in-addr.arpa" {{ type primary; file "reverse.zone"; }};
zone "broken.test" {{ type secondary; primaries port 1 {{ 127.0.0.1; }}; file "broken.zone"; }};
"""


@pytest.fixture(scope="module")
def bind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """named with zones of its own, as an ordinary process on loopback."""
    program = find_program("named")
    assert program is not None
    folder = tmp_path_factory.mktemp("named")
    port = free_port()
    records = "".join(f"{text.replace('lab.test. 300', f'r{number} 300', 1)}\n" for number, text in RECORDS)
    (folder / "forward.zone").write_text("$ORIGIN real.test.\n" + FORWARD + LARGE + records)
    (folder / "reverse.zone").write_text("$ORIGIN 2.0.192.in-addr.arpa.\n" + REVERSE)
    (folder / "named.conf").write_text(CONFIG.format(folder=folder, port=port))
    with open(folder / "log", "wb") as log:
        child = subprocess.Popen(
            [program, "-g", "-4", "-c", str(folder / "named.conf")], stdout=log, stderr=log
        )
    try:
        wait_for(lambda: listens(port) or child.poll() is not None)
        assert child.poll() is None, (folder / "log").read_text()
        # It answers SERVFAIL for a zone that it has not read yet.
        wait_for(lambda: "all zones loaded" in (folder / "log").read_text())
        yield Target("tcp", "127.0.0.1", port)
    finally:
        child.terminate()
        child.wait(60)


# What named itself refuses in a zone file (types of its own upkeep, several SOA) is left out.
RECORDS = [
    (number, text)
    for number, text in enumerate(SAMPLES)
    if text.split()[2] not in ("SOA", "CNAME", "DNAME", "NS", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DS")
    and text.split()[2] not in ("CDS", "CDNSKEY", "CSYNC", "ZONEMD", "DNSKEY")
]


async def ask(server: Target, name: str, type_: str = "A", wish: Wish = Wish()):  # noqa: B008 - a NamedTuple
    transcript = Transcript()
    try:
        return await lookup(Question(name, type_), server, transcript, wish=wish, timeout_s=10)
    finally:
        transcript.close()


def dig_says(server: Target, *words: str) -> str:
    command = ["dig", f"@{server.host}", "-p", str(server.port), "+norecurse", "+tries=1", "+time=5", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout


@named
@pytest.mark.parametrize(
    ("name", "type_", "outcome"),
    [
        ("www.real.test.", "A", Outcome.ANSWER),
        ("alias.real.test.", "AAAA", Outcome.ANSWER),
        ("x.wild.real.test.", "TXT", Outcome.ANSWER),
        ("www.real.test.", "MX", Outcome.NODATA),
        ("nosuch.real.test.", "A", Outcome.NXDOMAIN),
        ("a.below.real.test.", "A", Outcome.REFERRAL),
        ("www.broken.test.", "A", Outcome.SERVFAIL),
        ("www.example.com.", "A", Outcome.REFUSED),
        ("out.real.test.", "A", Outcome.ALIAS),
    ],
)
@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_what_named_says_is_judged_as_dig_reads_it(
    bind: Target, name, type_, outcome: Outcome, transport
):
    found = await ask(bind, name, type_, Wish(transport, recursion=False))
    assert found.outcome is outcome
    said = dig_says(bind, "-q", name, "-t", type_, *(["+tcp"] if transport == "tcp" else []))
    status = re.search(r"status: (\w+)", said)
    flags = re.search(r"flags: ([\w ]+);", said)
    assert status is not None
    assert flags is not None
    assert found.message.rcode == status[1]
    assert list(found.message.flags) == flags[1].split()


@named
@pytest.mark.parametrize(("number", "text"), RECORDS, ids=lambda each: str(each).split()[-1][:12])
async def test_records_of_every_type_read_as_dig_reads_them(bind: Target, number: int, text: str):
    type_ = text.split()[2]
    found = await ask(bind, f"r{number}.real.test.", type_)
    said = dig_says(bind, "-q", f"r{number}.real.test.", "-t", type_, "+short").strip()
    ours = [record.data for record in found.found]
    assert [plain(data) for data in ours] == [plain(line) for line in said.splitlines()]


def plain(data: str) -> str:
    """dig and dnspython fold long data, write times and list parameters in ways of their own."""
    return re.sub(r'[\s"]+|(?<=\d)\.00(?=m)', "", data).lower().rstrip("=")


@named
async def test_a_large_answer_of_named_comes_by_tcp(bind: Target):
    found = await ask(bind, "large.real.test.", "TXT")
    assert (found.truncated, found.transport, len(found.found)) == (True, "tcp", 10)


@named
async def test_mail_servers_are_sorted_whatever_named_does(bind: Target):
    assert [record.data for record in (await ask(bind, "real.test.", "MX")).found] == [
        "10 a.real.test.",
        "50 d.real.test.",
    ]


@named
@pytest.mark.parametrize(
    ("address", "code", "verdict"),
    [
        ("192.0.2.1", 0, "match"),
        ("192.0.2.10", 1, "mismatch"),
        ("192.0.2.66", 1, "mismatch"),
        ("192.0.2.67", 1, "name leads nowhere"),
        ("192.0.2.99", 1, "no name"),
        ("10.0.0.1", 1, "could not check"),
    ],
)
def test_addresses_are_checked_at_named(bind: Target, address: str, code: int, verdict: str):
    done = run_cli("dns", "reverse", address, f"@{bind}", "--no-recursion", "--json")
    assert (done.returncode, checked(done.json)["verdict"]) == (code, verdict)


@named
def test_what_is_copied_as_dig_asks_named_the_same(bind: Target):
    text = dig(Recipe(bind, Wish("udp", recursion=False), Question("www.real.test.", "A")))
    done = subprocess.run(
        ["sh", "-c", f"{text.strip()} +short"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "192.0.2.1\n"


# ---- dig asks lab:dns


@named
async def test_dig_reads_the_labs_name_server(tmp_path: Path):
    async with serving("dns") as served:
        server = Target("tcp", served.host, served.port)
        import asyncio

        async def says(*words: str) -> str:
            return await asyncio.to_thread(dig_says, server, *words)

        assert await says("www.lab.test", "+short") == "192.0.2.1\n"
        assert await says("-x", "192.0.2.66", "+short") == "www.whitehouse.test.\n"
        assert (await says("large.lab.test", "TXT", "+short")).count("\n") == 6
        assert "status: NXDOMAIN" in await says("nosuch.lab.test")
        assert "status: SERVFAIL" in await says("www.broken.test")
        assert "status: REFUSED" in await says("www.example.com")
        large = await says("large.lab.test", "TXT", "+ignore")
        assert re.search(r"flags: [\w ]*\btc\b", large)
        assert "Warning" not in large
    async with serving("dns", forge="id") as served:
        forged = await asyncio.to_thread(dig_says, Target("tcp", served.host, served.port), "www.lab.test")
        assert "ID mismatch" in forged
        assert "192.0.2.1" in forged
