"""Scripts that repeat a request: they run without the workbench, and hold no password."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.houses import serving
from workbench.errors import LocalMisuse
from workbench.jobs.offload import in_thread
from workbench.lab.authority import lab_authority
from workbench.protocols.http.code import Recipe, curl, python
from workbench.protocols.http.values import Login, Request

POST = (("X-Odd", "a'b\"c"), ("Content-Type", "text/plain"))


async def ran(words: list[str], cwd: Path) -> str:
    done = await in_thread(subprocess.run, words, capture_output=True, text=True, timeout=60, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


CURL = pytest.param("curl", marks=[pytest.mark.real("curl")])


@pytest.mark.parametrize("language", ["python", CURL])
async def test_the_script_says_the_same(language: str, tmp_path: Path):
    async with serving("http") as served:
        origin = f"http://{served.host}:{served.port}"
        said = await repeated(language, Request(f"{origin}/echo", "POST", POST, b"a%\\'\0\n\x7f"), tmp_path)
        assert "POST /echo HTTP/1.1" in said
        assert "X-Odd: a'b\"c" in said
        assert "Content-Length: 7" in said
        said = await repeated(language, Request(f"{origin}/redirect"), tmp_path)
        assert "Tide tables" in said
        assert "200" in said
        said = await repeated(language, Request(f"{origin}/redirect"), tmp_path, follow=False)
        assert "302" in said
        assert "Tide tables" not in said
        said = await repeated(language, Request(f"{origin}/redirect?to=/echo", "POST", POST, b"x"), tmp_path)
        assert "GET /echo" in said
        said = await repeated(
            language, Request(f"{origin}/redirect?status=307&to=/echo", "POST", POST, b"x"), tmp_path
        )
        assert "POST /echo" in said
        said = await repeated(language, Request(f"{origin}/headers", "DELETE"), tmp_path)
        assert "DELETE /headers" in said
        said = await repeated(language, Request(f"{origin}/page", "HEAD"), tmp_path)
        assert "Tide tables" not in said


@pytest.mark.parametrize("language", ["python", CURL])
async def test_over_tls_the_script_brings_the_labs_authority(language: str, tmp_path: Path):
    certificates = lab_authority().certificate
    (tmp_path / "lab-authority.pem").write_bytes(certificates)
    async with serving("https") as served:
        recipe = Recipe(
            Request("lab:https/page"), f"{served.host}:{served.port}", certificates=certificates.decode()
        )
        assert "Tide tables" in await ran(words_of(language, recipe), tmp_path)


def words_of(language: str, recipe: Recipe) -> list[str]:
    if language == "python":
        return [sys.executable, "-c", python(recipe)]
    assert shutil.which("curl")
    return ["sh", "-c", curl(recipe)]


async def repeated(language: str, request: Request, folder: Path, *, follow: bool = True) -> str:
    return await ran(words_of(language, Recipe(request, "", follow)), folder)


def test_no_script_holds_a_secret():
    request = Request(
        "http://h/",
        "POST",
        (("Cookie", "id=swordfish"), ("authorization", "Bearer swordfish"), ("X", "1")),
        b"a=1",
        login=Login("anna", "swordfish"),
    )
    for text in (python(Recipe(request, "")), curl(Recipe(request, ""))):
        assert "swordfish" not in text
        assert "anna" in text
    compile(python(Recipe(request, "")), "copied", "exec")
    with pytest.raises(LocalMisuse):
        python(Recipe(Request("http://h/", "POST", body=b"pass=x", secret=((5, 6),)), ""))
    with pytest.raises(LocalMisuse):
        curl(Recipe(Request("http://h/", "POST", body=b"x" * 100_000), ""))


def test_addresses_are_written_as_each_program_reads_them():
    assert "http://[::1]:81/x" in curl(Recipe(Request("http://[::1]:81/x"), ""))
    text = python(Recipe(Request("lab:http/x"), "127.0.0.1:4711", follow=False))
    assert "'127.0.0.1', 4711" in text
    assert "urllib" not in text
    compile(text, "copied", "exec")


def test_a_body_that_begins_with_a_dash_is_no_option_of_printf():
    text = curl(Recipe(Request("http://h/", "POST", body=b"-n \x00\n"), ""))
    command = next(line for line in text.splitlines() if line.startswith("printf")).partition(" | ")[0]
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=True)
    assert done.stdout == b"-n \x00\n"
