"""`workbench xmlrpc` as people and programs use it.

What the verbs stand on: workbench.cli.xmlrpc_session, workbench.cli.xmlrpc_list, workbench.cli.xmlrpc_call.
"""

from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from tests.protocols.xmlrpc.oracles import stdlib_server
from workbench.lab.services.xmlrpc.methods import METHODS


def test_list_tells_methods_types_and_help(terminal: Terminal):
    document = checked(run_cli("xmlrpc", "list", "lab:xmlrpc", "--json").json)
    assert (document["ok"], document["requests"], document["lab"]) == (True, 2, "private")
    assert set(METHODS) <= set(document["names"])
    power = next(method for method in document["methods"] if method["name"] == "pow")
    assert (power["signatures"], power["lines"]) == ([["int", "int", "int"]], ["int pow(int, int)"])
    said = terminal("xmlrpc", "list", "lab:xmlrpc")
    assert "int pow(int, int)" in said.out
    assert "echo    (the server does not tell: undef)" in said.out


def test_call_gives_the_value(terminal: Terminal):
    document = checked(run_cli("xmlrpc", "call", "lab:xmlrpc", "pow", "2", "10", "--json").json)
    assert (document["type"], document["value"], document["status"]) == ("int", 1024, 200)
    assert document["params"] == [{"type": "int", "value": 2}, {"type": "int", "value": 10}]
    said = terminal("xmlrpc", "call", "lab:xmlrpc", "echo", '["2", {"$base64": "AAEC"}, null]')
    assert (said.code, said.out) == (0, '["2", {"$base64": "AAEC"}, null]\n')


def test_a_fault_is_a_no_with_its_number(terminal: Terminal):
    said = terminal("xmlrpc", "call", "lab:xmlrpc", "fail", "4", "too late", "--json")
    document = checked(said.document)
    assert said.code == 1
    assert document["fault"] == {"code": 4, "text": "too late"}
    assert (document["failure"]["stage"], document["failure"]["reply"]) == ("fault", "4: too late")


@pytest.mark.parametrize(
    ("arguments", "code", "stage"),
    [
        (("lab:xmlrpc/wrong", "pow", "2", "3"), 1, "http"),
        (("lab:http", "pow"), 4, "answer"),
        (("lab:xmlrpc", "a b"), 2, "input"),
        (("lab:xmlrpc", "pow", '{"$int": "x"}'), 2, "input"),
        (("lab:xmlrpc", "pow", "99999999999999999999"), 2, "input"),
        (("ftp://h/", "pow"), 2, "input"),
        (("http://127.0.0.1:1/", "pow"), 3, "connect"),
    ],
)
def test_what_goes_wrong_is_told(terminal: Terminal, arguments: tuple[str, ...], code: int, stage: str):
    said = terminal("xmlrpc", "call", *arguments, "--json", "--timeout", "15")
    assert said.code == code, said
    assert checked(said.document)["failure"]["stage"] == stage


def test_a_server_of_the_standard_library_through_a_relay(terminal: Terminal):
    with stdlib_server() as url:
        said = terminal("xmlrpc", "call", url, "pow", "2", "5", "--relay", "split=1", "--json")
        listed = terminal("xmlrpc", "list", url, "--json")
    assert checked(said.document)["value"] == 32
    assert "relay" in said.document
    told = {method["name"]: method["said"] for method in checked(listed.document)["methods"]}
    assert told["pow"] == "the server does not tell: signatures not supported"


def test_an_answer_that_is_cut_says_where(terminal: Terminal):
    said = terminal("xmlrpc", "call", "lab:xmlrpc", "pow", "2", "5", "--relay", "cut-after=120", "--json")
    assert said.code in (3, 4), said
    assert checked(said.document)["failure"]["stage"] in ("head", "body")


def test_a_password_is_in_no_file(terminal: Terminal, tmp_path: Path):
    (tmp_path / "pw").write_text("swordfish\n")
    for form in ("jsonl", "txt", "hex", "pcapng"):
        said = terminal(
            *("xmlrpc", "call", "lab:xmlrpc", "pow", "2", "3", "--user", "anna"),
            *("--password-file", str(tmp_path / "pw"), "--transcript", str(tmp_path / f"t.{form}"), "--json"),
        )
        assert said.code == 0
        data = (tmp_path / f"t.{form}").read_bytes()
        for spelled in (b"swordfish", b"c3dvcmRmaXNo", b"63 33 64 76 63 6d"):
            assert spelled not in data
    assert terminal("xmlrpc", "call", "lab:xmlrpc", "pow", "--user", "anna").code == 2
