"""`workbench dns` as a terminal and a script see it: documents, exit codes, places of mistakes.

It is made of workbench.cli.dns, workbench.cli.dns_query, workbench.cli.dns_reverse and workbench.cli.dns_request.
"""

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from workbench.protocols.dns import client


def test_the_records_go_to_standard_output_and_the_steps_beside_it(terminal: Terminal):
    said = terminal("dns", "query", "www.lab.test", "A", "@lab:dns")
    assert (said.code, said.out) == (0, "www.lab.test.\t300\tIN\tA\t192.0.2.1\n")
    assert "query www.lab.test. A" in said.err
    assert "1 query by UDP" in said.err


def test_the_document_holds_answer_packets_and_fields(terminal: Terminal):
    said = terminal("dns", "query", "www.lab.test", "A", "@lab:dns", "--json")
    document = said.document
    assert (said.code, document["ok"], document["outcome"], document["status"]) == (
        0,
        True,
        "answer",
        "NOERROR",
    )
    assert document["lab"] == "private"
    (answer,) = document["answers"]
    assert (answer["name"], answer["type"], answer["data"]) == ("www.lab.test.", "A", "192.0.2.1")
    query, response = document["packets"]
    assert (query["direction"], response["direction"]) == ("sent", "received")
    octets = bytes.fromhex(response["hex"])
    assert octets[answer["stop"] - 4 : answer["stop"]] == bytes([192, 0, 2, 1])
    assert "aa" in document["flags"]
    assert octets[:2] == bytes.fromhex(query["hex"])[:2] == document["id"].to_bytes(2, "big")
    assert next(field for field in document["fields"] if field["name"] == "question")["start"] == 12
    assert [event["event"] for event in document["events"]][-2:] == ["dns.answer", "close"]


def test_mail_servers_stand_in_the_order_of_delivery(terminal: Terminal):
    document = terminal("dns", "query", "lab.test", "MX", "@lab:dns", "--json").document
    assert [answer["data"].split()[0] for answer in document["answers"]] == ["10", "20", "50"]


def test_an_alias_is_shown_with_what_it_leads_to(terminal: Terminal):
    said = terminal("dns", "query", "alias-alias.lab.test", "@lab:dns")
    assert [line.split("\t")[3] for line in said.out.splitlines()] == ["CNAME", "CNAME", "A"]


@pytest.mark.parametrize(
    ("name", "type_", "outcome", "word"),
    [
        ("nosuch.lab.test", "A", "nxdomain", "does not exist"),
        ("www.lab.test", "MX", "nodata", "no record of type MX"),
        ("www.broken.test", "A", "servfail", "could not find out"),
        ("www.example.com", "A", "refused", "does not want to answer"),
        ("a.below.lab.test", "A", "referral", "whom to ask"),
        ("loop-a.lab.test", "A", "loop", "circle"),
        ("elsewhere.lab.test", "A", "alias", "is an alias"),
    ],
)
def test_an_answer_that_says_no_ends_with_one(
    terminal: Terminal, name: str, type_: str, outcome: str, word: str
):
    said = terminal("dns", "query", name, type_, "@lab:dns", "--json")
    document = said.document
    assert (said.code, document["ok"], document["outcome"]) == (1, False, outcome)
    assert word in document["failure"]["what"]
    assert document["failure"]["kind"] == "Refused"
    if outcome in ("nxdomain", "nodata"):
        assert document["negative_ttl"] == 300


def test_a_silent_server_ends_with_three(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    said = terminal("dns", "query", "www.silent.test", "@lab:dns", "--timeout", "0.5", "--json")
    assert (said.code, said.document["failure"]["kind"]) == (3, "TooSlow")


def test_nobody_there_ends_with_three_at_once(terminal: Terminal):
    for verb, what in (("query", "www.lab.test"), ("reverse", "192.0.2.1")):
        said = terminal("dns", verb, what, "@127.0.0.1:1", "--json")
        assert (said.code, said.document["failure"]["errno"]) == (3, "ECONNREFUSED")


def test_tcp_follows_where_udp_was_cut_off(terminal: Terminal):
    document = terminal("dns", "query", "large.lab.test", "TXT", "@lab:dns", "--json").document
    assert (document["transport"], document["truncated"], document["queries"]) == ("tcp", True, 2)
    assert len(document["answers"]) == 6
    assert [packet["transport"] for packet in document["packets"]] == ["udp", "udp", "tcp", "tcp"]


@pytest.mark.parametrize(
    ("options", "shows"),
    [
        (("--tcp",), {"transport": "tcp", "truncated": False}),
        (("--no-recursion",), {"flags": ["qr", "aa"]}),
        (("--edns", "0"), {"edns": None}),
        (("--relay", ""), {"relay": {"switches": {}}}),
        (("--relay", "drop=0,seed=3"), {"relay": {"switches": {"drop_percent": 0, "seed": 3}}}),
    ],
)
def test_it_is_asked_as_wished(terminal: Terminal, options: tuple[str, ...], shows: dict[str, object]):
    said = terminal("dns", "query", "www.lab.test", "@lab:dns", *options, "--json")
    assert said.code == 0
    assert said.document.items() >= shows.items()


def test_signatures_are_asked_for(terminal: Terminal):
    document = terminal("dns", "query", "www.lab.test", "@lab:dns", "--dnssec", "--json").document
    assert document["edns"]["dnssec_ok"] is True


def test_the_system_is_asked_beside_it(terminal: Terminal):
    document = terminal("dns", "query", "localhost", "@lab:dns", "--system", "--json").document
    assert document["system"]["found"] == ["127.0.0.1"] == [document["answers"][0]["data"]]
    said = terminal("dns", "reverse", "127.0.0.1", "@lab:dns", "--system")
    assert said.code == 0
    assert "this system says: localhost" in said.err


def test_a_name_of_other_letters_is_shown_both_ways(terminal: Terminal):
    document = terminal("dns", "query", "bücher.lab.test", "@lab:dns", "--json").document
    assert (document["name"], document["unicode"]) == ("xn--bcher-kva.lab.test.", "bücher.lab.test")


def test_an_address_can_be_asked_for_its_names(terminal: Terminal):
    document = terminal("dns", "query", "192.0.2.12", "PTR", "@lab:dns", "--json").document
    assert document["name"] == "12.2.0.192.in-addr.arpa."
    assert len(document["answers"]) == 2


@pytest.mark.parametrize(
    ("words", "marked", "why"),
    [
        (("query", "a..b", "@lab:dns"), "  ^", "missing beside this dot"),
        (("query", "x" * 64, "@lab:dns"), "^" * 64, "at most 63 octets"),
        (("query", "www.lab.test", "ADDRESS", "@lab:dns"), "^^^^^^^", "no record type 'ADDRESS'"),
        (("query", "www.lab.test", "@lab:"), "     ^", "is missing"),
        (("query", "192.0.2.1", "@lab:dns"), "^^^^^^^^^", "an address, not a name"),
        (("query", "www.lab.test", "A", "MX", "@lab:dns"), "^^", "the type is given twice"),
        (("query", "www.lab.test", "@lab:dns", "--edns", "70000"), "^^^^^", "0 to 65535"),
        (("query", "www.lab.test", "@lab:dns", "--relay", "flip=1"), "^^^^", "flip"),
        (("reverse", "192.0.2", "@lab:dns"), "^^^^^^^", "four numbers"),
        (("reverse", "010.0.0.1", "@lab:dns"), "^^^", "leading zero"),
    ],
)
def test_a_mistake_ends_with_two_and_its_place(
    terminal: Terminal, words: tuple[str, ...], marked: str, why: str
):
    said = terminal("dns", *words)
    assert said.code == 2
    assert why in said.err
    assert marked in said.err


def test_a_server_that_is_not_named_is_the_systems(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    from workbench.cli import dns_request

    monkeypatch.setattr(dns_request, "system_servers", lambda: ("127.0.0.1:1",))
    assert terminal("dns", "query", "www.lab.test", "--json").document["server"] == "127.0.0.1:1"
    monkeypatch.setattr(dns_request, "system_servers", lambda: ())
    said = terminal("dns", "query", "www.lab.test")
    assert (said.code, "names no name server" in said.err) == (2, True)


# ---- reverse


@pytest.mark.covers("C4.16")
@pytest.mark.parametrize(
    ("address", "code", "verdict", "states"),
    [
        ("192.0.2.1", 0, "match", ["match"]),
        ("192.0.2.10", 0, "match", ["match"]),
        ("192.0.2.12", 0, "match", ["match", "nxdomain"]),
        ("192.0.2.66", 1, "mismatch", ["mismatch"]),
        ("192.0.2.67", 1, "name leads nowhere", ["nxdomain"]),
        ("192.0.2.68", 1, "name leads nowhere", ["no address"]),
        ("192.0.2.69", 1, "could not check", ["servfail"]),
        ("192.0.2.99", 1, "no name", []),
        ("2001:0db8:0::1", 0, "match", ["match"]),
        ("::ffff:127.0.0.1", 0, "match", ["match"]),
    ],
)
def test_the_exit_code_is_zero_only_for_a_name_that_leads_back(
    terminal: Terminal, address: str, code: int, verdict: str, states: list[str]
):
    said = terminal("dns", "reverse", address, "@lab:dns", "--json")
    document = said.document
    assert (said.code, document["ok"], document["verdict"]) == (code, code == 0, verdict)
    assert sorted(name["state"] for name in document["names"]) == states
    assert document["sentence"]
    assert document["events"][-1]["event"] in ("dns.verdict", "close")


def test_the_document_of_a_lie_names_claim_and_truth(terminal: Terminal):
    document = terminal("dns", "reverse", "192.0.2.66", "@lab:dns", "--json").document
    (name,) = document["names"]
    assert name["name"] == "www.whitehouse.test."
    assert name["addresses"] == [{"address": "203.0.113.1", "type": "A", "equal": False}]
    assert (document["iprev"], document["failure"]["kind"]) == ("fail", "Refused")


def test_people_read_the_names_and_the_verdict(terminal: Terminal):
    said = terminal("dns", "reverse", "192.0.2.1", "@lab:dns")
    assert said.out == "www.lab.test.\t192.0.2.1, 2001:db8::1\tmatch\n"
    assert "match: 192.0.2.1 leads to www.lab.test and back" in said.err
    assert "the claim is not confirmed" in terminal("dns", "reverse", "192.0.2.66", "@lab:dns").err


@pytest.mark.covers("C4.31")
def test_a_smaller_zone_that_an_alias_leads_into_is_shown(terminal: Terminal):
    document = terminal("dns", "reverse", "192.0.2.10", "@lab:dns", "--json").document
    assert document["chain"] == ["10.2.0.192.in-addr.arpa.", "10.0-15.2.0.192.in-addr.arpa."]
    assert document["names"][0]["name"] == "classless.lab.test."


# ---- as a process


def test_both_verbs_from_cold_with_a_transcript(tmp_path):
    file = tmp_path / "dns.pcapng"
    done = run_cli("dns", "query", "large.lab.test", "TXT", "@lab:dns", "--json", "--transcript", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert checked(done.json)["truncated"] is True
    assert file.read_bytes()[:4] == b"\x0a\x0d\x0d\x0a"
    done = run_cli("dns", "reverse", "192.0.2.66", "@lab:dns", "--json")
    assert done.returncode == 1
    assert checked(done.json)["verdict"] == "mismatch"


def test_the_waits_are_those_of_the_engine():
    assert sum(client.WAITS_S) < 30
