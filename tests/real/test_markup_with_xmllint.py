"""Our searches beside xmllint's, a reader of the same documents in another process; and calls by curl of the Lab."""

import subprocess
from pathlib import Path

import pytest

from tests.kit.real import find_program
from tests.lab.houses import serving
from workbench.formats.markup.query import Searcher
from workbench.formats.markup.reading import Reading
from workbench.jobs.offload import in_thread
from workbench.protocols.xmlrpc.code import Recipe, curl
from workbench.protocols.xmlrpc.codec import read_answer
from workbench.protocols.xmlrpc.values import Call, Value

FEED = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE feed [<!ENTITY office "Harbour Office">]>
<feed xmlns:x="urn:x"><!-- c --><entry x:at="1"><title>Caf\xe9 &amp; more</title></entry>
<entry><title><![CDATA[<tides>]]></title><?go on?></entry></feed>
"""
EXPRESSIONS = (
    "count(//entry)",
    "string(//title)",
    "string(//entry[2]/title)",
    "count(//@*)",
    "name(//*[last()])",
    "//entry[1]/title = 'x'",
    "sum(//entry/@*)",
    "count(//comment() | //processing-instruction())",
    "1 div 3",
)


@pytest.mark.real("xmllint")
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_xmllint_finds_the_same(expression: str, tmp_path: Path):
    path = tmp_path / "feed.xml"
    path.write_bytes(FEED.encode("latin-1"))
    xmllint = find_program("xmllint")
    done = subprocess.run(
        [str(xmllint), "--nonet", "--xpath", expression, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    ours = Searcher(Reading(path.read_bytes())).search("xpath", expression, {"x": "urn:x"})
    assert done.returncode == 0, done.stderr
    theirs = done.stdout.strip()
    if ours.kind == "number":
        assert float(ours.value) == pytest.approx(float(theirs), rel=1e-5)
    else:
        assert ours.value.strip() == theirs


BROKEN = ("<a><b></a>", "<a>&nbsp;</a>", "<a x='1' x='2'/>", "<a>\n\n<", "<a/><b/>", "<a>\x01</a>")


@pytest.mark.real("xmllint")
@pytest.mark.parametrize("text", [*BROKEN, "<a/>", "<a>\u00e9</a>"])
def test_xmllint_calls_the_same_documents_broken_at_the_same_line(text: str, tmp_path: Path):
    path = tmp_path / "a.xml"
    path.write_text(text)
    xmllint = find_program("xmllint")
    done = subprocess.run(
        [str(xmllint), "--noout", "--nonet", str(path)], capture_output=True, text=True, timeout=60
    )
    reading = Reading(text.encode(), "xml")
    assert bool(done.returncode) == bool(reading.page.standing)
    if done.returncode:
        line = int(done.stderr.removeprefix(f"{path}:").partition(":")[0])
        assert line in {reading.lines.place(problem.start).line for problem in reading.page.problems}


@pytest.mark.real("curl")
async def test_curl_makes_the_same_call():
    async with serving("xmlrpc") as served:
        recipe = Recipe(
            "lab:xmlrpc", f"{served.host}:{served.port}", Call("pow", (Value("int", 2), Value("int", 10)))
        )
        done = await in_thread(subprocess.run, ["sh", "-c", curl(recipe)], capture_output=True, timeout=60)
    assert done.returncode == 0
    answer = read_answer(done.stdout.partition(b"\r\n\r\n")[2])
    assert answer.value is not None
    assert answer.value.plain() == 1024
