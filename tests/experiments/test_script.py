"""Cards as programs of their own: each is Python, runs by itself, and judges as the card says.

The lines of the steps are written by workbench.experiments.scripts_streams, workbench.experiments.scripts_queues,
workbench.experiments.scripts_subjects and workbench.experiments.scripts_talks; what they call is in resources/script.
"""

import ast
import asyncio
import builtins
import re
import sys
from collections.abc import Iterator

import pytest

from tests.experiments.house import house
from tests.experiments.programs import Ran, played, ran, told
from tests.experiments.samples import BREAKABLE, HEAD, card
from workbench.errors import LocalMisuse
from workbench.experiments import script as scripts
from workbench.experiments.card import Card, all_cards, find_card
from workbench.experiments.needs import lacking
from workbench.experiments.runner import run
from workbench.experiments.script import UNSAID, WRITERS, needs_of, script_of
from workbench.experiments.verbs import VERBS

ALL = all_cards()
PLAYABLE = [each for each in ALL if not lacking(each)]
GROUPS = 8
AT_ONCE = 2
"""More programs at a time would have no more of this machine, and wait for each other."""
COUNTING = ("asking-again", "select-client", "poll-client", "silent-too-long", "killed-in-the-pause")
"""They count what a machine with time does in a moment: nothing else runs beside them."""
LONGEST = 160
"""Characters of a line that a program's own words may come to."""


def test_every_verb_has_a_writer() -> None:
    assert set(WRITERS) == set(VERBS)


def names_bound(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)


@pytest.mark.covers("I.1")
@pytest.mark.parametrize("each", ALL, ids=[each.id for each in ALL])
def test_every_card_is_a_program_that_names_nothing_unknown(each: Card) -> None:
    script = script_of(each)
    compile(script.text, each.id, "exec")
    tree = ast.parse(script.text)
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert read <= {*names_bound(tree), *dir(builtins)}
    modules = {
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert modules <= {*sys.stdlib_module_names, "dns", "lxml", "selectolax"}
    assert {scripts.PACKAGES.get(one, one) for one in modules - sys.stdlib_module_names} == set(
        script.packages
    )
    # Each module is used: what a program does not need it does not hold.
    assert modules <= read
    assert all(f"GIVEN[{need.name!r}]" in script.text for need in script.needs)
    assert each.title in ast.get_docstring(tree, clean=False)
    assert max(map(len, script.text.splitlines())) < LONGEST or _has_long_words(each)


def _has_long_words(each: Card) -> bool:
    """A sentence, a text or a document of the card itself is longer than a line."""
    words = [step.sentence for step in each.as_written.steps]
    words += [str(value) for step in each.as_written.steps for value in step.given.values()]
    words += [need.what for need in needs_of(each)]
    return max(map(len, words)) > 100


async def of_group(cards: list[Card], at_once: int) -> list[tuple[str, Ran]]:
    """Run the cards' programs; those that did not end well."""
    room = asyncio.Semaphore(at_once)

    async def one(each: Card) -> tuple[str, Ran]:
        async with room:
            return each.id, await played(each, lab)

    async with house() as lab:
        done = await asyncio.gather(*map(one, cards))
    return [(name, found) for name, found in done if found.code or found.errors]


@pytest.mark.covers("I.1")
@pytest.mark.parametrize("group", range(GROUPS))
async def test_every_program_runs_by_plain_python_and_sees_what_the_card_expects(group: int) -> None:
    cards = [each for each in PLAYABLE if each.id not in COUNTING][group::GROUPS]
    assert await of_group(cards, AT_ONCE) == []


async def test_those_that_count_run_alone() -> None:
    assert await of_group([each for each in PLAYABLE if each.id in COUNTING], 1) == []


CAN_FAIL = (
    *("half-close", "ephemeral-port", "empty-datagram", "connect-in-steps", "write-after-the-end"),
    *(
        "before-accept",
        "every-lamp",
        "asked-three-times",
        "eavesdropper",
        "nobody-confirms",
        "escape-cut-in-two",
    ),
    *("too-large-for-a-datagram", "next-hop", "two-lanes", "one-line-asks", "sql-undone", "mail-one-of-two"),
    *("letter-lying-charset", "http-chunks", "two-ways-of-no", "entity-that-reads", "answers-by-themselves"),
)
"""Of every subject one or two."""


@pytest.mark.parametrize("half", [0, 1])
async def test_with_its_broken_part_a_program_fails(half: int) -> None:
    async with house() as lab:
        for name in CAN_FAIL[half::2]:
            found = await played(find_card(name), lab, broken=True)
            assert (name, found.code) == (name, 1), found.out
            assert "Traceback" not in found.errors, (name, found.errors)
            assert "Not as expected:" in found.out or "expected was" in found.errors, name


@pytest.mark.covers("I.1")
async def test_the_connect_program_prints_the_endpoints_of_the_run() -> None:
    each = find_card("connect-in-steps")
    async with house() as lab:
        words = await told(each, lab)
        result = await run(each, lab=lab)
        result.transcript.close()
        assert result.passed
        code, out, errors = await ran(script_of(each).text, *words)
    assert (code, errors) == (0, "")
    host, port = words[0].removeprefix("echo=").split(":")
    seen = [verdict.seen for verdict in result.expectations if "('" in verdict.seen]
    assert len(seen) == 2
    for endpoint in seen:
        # A prompt of the window's own would quote it; the program prints it as Python does.
        assert endpoint.strip("“”") in out
    assert f"('{host}', {port})" in out


async def test_a_program_that_is_told_no_echo_brings_its_own() -> None:
    code, out, errors = await ran(script_of(find_card("connect-in-steps")).text)
    assert (code, errors) == (0, "")
    assert "Everything was seen as expected." in out


async def test_both_ends_of_a_connection_are_told() -> None:
    code, out, errors = await ran(script_of(find_card("ephemeral-port")).text)
    assert (code, errors) == (0, "")
    listening = re.search(r"on 127\.0\.0\.1:(\d+)", out)
    assert listening is not None
    calls = re.findall(r" 127\.0\.0\.1:(\d+) to 127\.0\.0\.1:(\d+)", out)
    assert any(peer == listening[1] for _, peer in calls)
    assert any((peer, local) in calls for local, peer in calls)


async def test_who_does_not_say_where_a_server_is_is_told_what_to_say() -> None:
    code, out, errors = await ran(script_of(find_card("nothing-there")).text)
    assert (code, out) == (2, "")
    assert "dns=HOST:PORT that `workbench lab start dns` tells" in errors


def test_what_a_program_needs_is_told_with_the_switches_of_its_servers() -> None:
    needs = {need.name: need.what for need in needs_of(find_card("late-refusal"))}
    assert set(needs) == {"old-server", "new-server", "authority", "identity"}
    assert "`workbench lab start tls-client-cert --switch version=1.2`" in needs["old-server"]
    known = {"authority": "-----BEGIN CERTIFICATE-----\n"}
    assert known["authority"] in script_of(find_card("late-refusal"), known).text


def test_what_is_not_judged_is_few_and_said() -> None:
    unsaid = [
        f"{each.id}: {one.that}"
        for each in ALL
        for one in each.expectations
        if (next(s.verb for s in each.as_written.steps if s.name == one.name), one.field) in UNSAID
    ]
    assert unsaid == [
        "busy-waiting: spinning.remark",
        "error-told-once: second.remark",
        "goodbye-takes-away: lookout.odd",
        "impostor: check.why",
        "late-after-shut-rd: reading.remark",
        "late-after-shut-rd: both.remark",
        "options-read-back: asking.remark",
        "root-stays-home: refusal.why",
        "whose-error: flushing.blames",
        "whose-error: flushing.remark",
    ]
    text = script_of(find_card("impostor")).text
    assert "Not judged here, but by the workbench: check.why." in text
    assert "the words are the workbench's" in text


def test_a_step_without_a_writer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "WRITERS", {name: one for name, one in WRITERS.items() if name != "sql-run"})
    with pytest.raises(LocalMisuse, match=r"sql-quotes can't leave as a script: sql-run has no form"):
        script_of(find_card("sql-quotes"))


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ('do = "call"\nline = "a.unplug"', "the call unplug has no form"),
        ('do = "run-script"\nto = "listener"\nscript = "starttls"', "starttls has no form"),
        (
            'do = "answer-by-rules"\non = "listener"\nrules = "on \\"a\\"\\n  reply \\"${random 4}\\"\\n"',
            "the reply to .* has no form",
        ),
    ],
)
def test_what_no_program_can_do_is_said(step: str, why: str) -> None:
    listen = '[[step]]\ndo = "listen"\nas = "listener"\n'
    last = '[[step]]\ndo = "note"\nas = "last"\ntext = "over"\n'
    expect = '[[expect]]\nthat = "last.ok"\nequals = true\n'
    with pytest.raises(LocalMisuse, match=why):
        script_of(card(f"{HEAD}{listen}[[step]]\n{step}\n{last}{expect}{BREAKABLE}"))
