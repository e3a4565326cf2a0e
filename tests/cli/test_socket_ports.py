"""`workbench socket ports`, `address` and `route`: every document against its schema, every answer's exit code.

workbench.cli.socket_addresses, workbench.cli.socket_address and workbench.cli.socket_route are tested here too.
"""

import socket
from typing import Any

import pytest

from tests.cli.documents import checked
from tests.kit.cli import run_cli as run
from workbench.wire.probe import can_probe


def told(*words: str, code: int = 0) -> Any:
    done = run("socket", *words, "--json")
    assert done.returncode == code, done
    return checked(done.json)


@pytest.mark.covers("C1.8")
def test_a_name_and_a_number_lead_to_each_other():
    gopher = told("ports", "gopher")
    assert [(s["port"], s["transport"]) for s in gopher["services"]] == [(70, "tcp")]
    assert [s["name"] for s in told("ports", "70/tcp")["services"]] == ["gopher"]
    assert [s["name"] for s in told("ports", "514/udp")["services"]] == ["syslog"]
    assert "shell" in [s["name"] for s in told("ports", "514", "--transport", "tcp")["services"]]


@pytest.mark.covers("C1.8")
def test_a_number_that_is_no_port_is_a_mistake_with_its_place():
    done = run("socket", "ports", "70000")
    assert done.returncode == 2
    assert "ports end at 65535" in done.stderr
    assert "^^^^^" in done.stderr
    assert "Traceback" not in done.stderr
    failure = told("ports", "70000", code=2)["failure"]
    assert failure["kind"] == "LocalMisuse"
    assert told("ports", "0")["port"]["warning"].startswith("0 is no port")
    told("ports", "80/nonsense", code=2)
    told("ports", "http", "--free", code=2)


def test_a_name_that_nobody_knows_is_a_no():
    failure = told("ports", "nosuchservice", code=1)["failure"]
    assert (failure["kind"], failure["stage"]) == ("Refused", "service")
    assert "for TCP only" in told("ports", "http", "--transport", "udp", code=1)["failure"]["try"]
    told("ports", "--search", "nothing like this", code=1)


def test_ports_in_use_are_those_of_programs_that_run():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        document = told("ports", "--used", str(port))
        if document["tells_owners"]:
            assert [(each["port"], each["state"]) for each in document["used"]] == [(port, "LISTEN")]
        number = told("ports", str(port))
        assert number["port"]["can_listen"] is False
        assert number["port"]["obstacle"]["errno"] == "EADDRINUSE"
        assert number["free"] != port
    with socket.create_server(("127.0.0.1", told("ports", "--free")["free"])):
        pass


def test_the_list_is_for_people_too():
    done = run("socket", "ports", "--search", "gopher")
    assert done.stdout.startswith("70/tcp\tgopher\t")
    assert len(run("socket", "ports").stdout.splitlines()) > 250


@pytest.mark.covers("C5.24")
def test_an_address_is_told_in_every_notation():
    document = told("address", "0177.0.0.1")
    assert (document["canonical"], document["ambiguous"]) == ("127.0.0.1", True)
    assert document["other_readings"][0].startswith("177.0.0.1")
    assert told("address", "0:0::1/64")["network"] == {
        "first": "::/64",
        "last": "::ffff:ffff:ffff:ffff",
        "count": str(2**64),
    }
    told("address", "1.2.3.4.5", code=2)
    done = run("socket", "address", "127.1")
    assert "canonical   127.0.0.1" in done.stdout
    assert "warning: ambiguous notation" in done.stderr


@pytest.mark.covers("C1.13")
def test_a_target_is_local_or_routed():
    near = told("address", "192.168.1.10/24", "--to", "192.168.1.200")["comparison"]
    assert (near["direct"], near["prefix"]) == (True, 24)
    far = told("address", "192.168.1.10/24", "--to", "192.168.2.1")["comparison"]
    assert (far["direct"], far["equal"]) == (False, 22)
    own = told("address", "127.0.0.1/8", "--to", "127.0.0.9")["comparison"]
    assert own["way"]["source"] == "127.0.0.1"
    done = run("socket", "address", "127.0.0.1/8", "--to", "127.0.0.9")
    assert "01111111|" in done.stdout
    told("address", "127.0.0.1", "--to", "::1", code=2)


@pytest.mark.skipif(not can_probe(), reason="only Linux hands routers' answers to who is not root")
@pytest.mark.covers("C1.5")
def test_a_route_is_a_document_and_a_table():
    document = told("route", "127.0.0.1", "--rounds", "2", "--names")
    (hop,) = document["hops"]
    assert (hop["ttl"], hop["answer"]) == (1, {"word": "port unreachable", "type": 3, "code": 3})
    assert (hop["sent"], hop["received"], hop["loss_percent"]) == (2, 2, 0.0)
    assert hop["addresses"][0]["badge"] in ("leads back", "no name")
    assert any(event["event"] == "route.answer" for event in document["events"])
    done = run("socket", "route", "127.0.0.1", "--rounds", "1")
    assert done.stdout.split()[:2] == ["1", "127.0.0.1"]
    told("route", "no..name", code=3)
    told("route", "127.0.0.1", "--max-hops", "65", code=2)
    told("route", "127.0.0.1", "--wait", "60001", code=2)


@pytest.mark.covers("C2.4", "C2.5")
def test_a_target_may_name_a_service():
    done = run("socket", "talk", "127.0.0.1:nosuch", "--json")
    assert done.returncode == 1
    document = checked(done.json)
    assert document["failure"]["stage"] == "service"
    assert [event["event"] for event in document["events"]][:2] == ["resolve.numeric", "service.failed"]
    found = checked(run("socket", "talk", "127.0.0.1:gopher", "--json", "--timeout", "2").json)
    assert found["events"][1]["values"]["port"] == 70
