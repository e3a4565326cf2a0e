"""Scripts that repeat a call: they run without the workbench, and hold no password."""

import subprocess
import sys

import pytest

from tests.lab.houses import serving
from workbench.errors import LocalMisuse
from workbench.jobs.offload import in_thread
from workbench.protocols.http.values import Login
from workbench.protocols.xmlrpc.code import Recipe, curl, listing, python
from workbench.protocols.xmlrpc.typed import read_argument
from workbench.protocols.xmlrpc.values import Call, Value

ARGUMENT = read_argument(
    '{"it\'s": [1, true, null, 1.5, "é", {"$base64": "AAEC"}, {"$dateTime": "20261123T10:00:00"}]}'
)


@pytest.mark.parametrize("method", ["echo", "fail"])
@pytest.mark.parametrize("make", [python, curl])
async def test_the_script_does_the_same(make, method: str):
    call = (
        Call("echo", (ARGUMENT,))
        if method == "echo"
        else Call("fail", (Value("int", 4), Value("string", "no")))
    )
    async with serving("xmlrpc") as served:
        script = make(Recipe("lab:xmlrpc", f"{served.host}:{served.port}", call))
        command = [sys.executable, "-c", script] if make is python else ["sh", "-c", script]
        done = await in_thread(subprocess.run, command, capture_output=True, text=True, timeout=60)
    said = done.stdout + done.stderr
    assert "é" in said if method == "echo" else "no" in said
    assert (done.returncode == 0) == (method == "echo" or make is curl)


def test_a_login_is_asked_for_and_never_written() -> None:
    recipe = Recipe("https://h.test/RPC2", "", Call("a"), Login("anna", "swordfish"), "-----BEGIN-----\n")
    for script in (python(recipe), curl(recipe)):
        assert "swordfish" not in script
        assert "anna" in script
    compile(python(recipe), "copied", "exec")
    assert "getpass.getpass" in python(recipe)
    assert "system.listMethods" in python(listing(recipe))


def test_what_python_can_not_send_is_refused() -> None:
    recipe = Recipe("http://h.test/", "", Call("a", (Value("i8", 2**40),)))
    with pytest.raises(LocalMisuse, match="64 bits"):
        python(recipe)
    assert "<i8>1099511627776</i8>" in curl(recipe)
