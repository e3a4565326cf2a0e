"""Documents and calls in experiments: said in plain words, carried out, and what can be seen of them.

The verbs stand in workbench.experiments.verbs_markup, what they do in workbench.experiments.steps_markup, and what can
be seen in workbench.experiments.things_markup.
"""

import pytest

from tests.experiments.samples import HEAD
from tests.experiments.test_verbs import card
from tests.lab.houses import places_in
from workbench.experiments.player import Player
from workbench.experiments.things_markup import CALLED_FIELDS, FOUND_FIELDS, CalledSeen, FoundSeen
from workbench.experiments.verbs_markup import MARKUP
from workbench.lab.supervisor import Lab

STEPS = """
[lab]
start = ["xmlrpc", { name = "xmlrpc", as = "liar", says = "bad-int" }]
[[step]]
do = "markup-find"
as = "cell"
kind = "html"
document = "<table><tr><td>1</i></table>"
by = "css"
search = "td"
[[step]]
do = "markup-find"
as = "none"
kind = "xml"
document = "<a xmlns='u'><b/></a>"
by = "xpath"
search = "//b"
[[step]]
do = "markup-find"
as = "number"
kind = "xml"
document = "<a xmlns='u'><b/></a>"
by = "xpath"
search = "count(//x:b)"
namespace = "x=u"
[[step]]
do = "xmlrpc-call"
as = "sum"
to = "lab:xmlrpc"
method = "add"
arguments = "[1, 2]"
[[step]]
do = "xmlrpc-call"
as = "late"
to = "lab:xmlrpc"
method = "fail"
arguments = '[7, "no"]'
[[step]]
do = "xmlrpc-call"
as = "lost"
to = "lab:xmlrpc"
method = "add"
path = "/x"
[[step]]
do = "xmlrpc-call"
as = "lied"
to = "lab:liar"
method = "add"
fails = "PeerMisbehaved"
"""
EXPECTED = {
    "cell.total": 1,
    "cell.text": "1",
    "cell.markup": "<td>1",
    "cell.place": "1:12",
    "cell.nodes": 8,
    "cell.problems": "missing-doctype, unexpected-end-tag",
    "none.total": 0,
    "none.hint": "Its elements are in the namespace u, and a name without a prefix means none: write x:b and say that "
    "x is u.",
    "number.value": "1",
    "sum.value": "3",
    "sum.type": "int",
    "sum.fault": 0,
    "sum.status": 200,
    "late.fault": 7,
    "late.said": "no",
    "lost.status": 404,
    "lost.said": "404 Not Found",
    "lied.error": "PeerMisbehaved",
}
BROKEN = """[broken]
step.sum = { method = "nosuch" }
"""


def expectations() -> str:
    return "".join(
        f"[[expect]]\nthat = {name!r}\nequals = {value if isinstance(value, int) else repr(value)}\n"
        for name, value in EXPECTED.items()
    )


def test_the_steps_are_said_in_plain_words() -> None:
    said = [step.sentence for step in card(HEAD + STEPS + expectations() + BROKEN).as_written.steps]
    assert said[0] == "Read “<table><tr><td>1</i></table>” as HTML and search it by CSS for td."
    assert "where x=u tells the prefix" in said[2]
    assert said[3] == "Call add at the Lab's xmlrpc, path /, with “[1, 2]”."


def test_every_value_is_one_of_the_things() -> None:
    assert set(FOUND_FIELDS) == set(FoundSeen._fields)
    assert set(CALLED_FIELDS) == set(CalledSeen._fields)
    assert {verb.makes for verb in MARKUP} == {"found", "called"}


@pytest.mark.parametrize("broken", [False, True])
async def test_the_steps_do_what_they_say(tmp_path, broken: bool) -> None:
    lab = Lab(places_in(tmp_path / "lab"), join=False)
    try:
        written = card(HEAD + STEPS + expectations() + BROKEN)
        async with Player(written, lab, broken=broken) as player:
            result = await player.play(timeout_s=15)
        assert result.passed is not broken, [verdict.sentence for verdict in result.expectations]
        result.transcript.close()
    finally:
        await lab.aclose()
