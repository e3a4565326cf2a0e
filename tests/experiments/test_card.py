"""Reading a card: what is in order becomes values, every mistake is named with its file, its key and what to do."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.experiments.samples import SAMPLE, card, table
from workbench.errors import LocalMisuse
from workbench.experiments.card import (
    MAX_CARD,
    Card,
    Head,
    all_cards,
    card_from_table,
    find_card,
    heads,
    load_card,
)
from workbench.experiments.expectation import COMPARISONS
from workbench.experiments.plan import FAILURES
from workbench.experiments.values import Relaying
from workbench.experiments.verbs import VERBS

Change = Callable[[dict[str, Any]], object]


def test_a_card_in_order_becomes_values() -> None:
    read = card()
    assert (read.id, read.title, read.panel) == ("sample", "A sample", "sockets")
    assert (read.rows, read.rfc) == (("C5.1",), ("RFC 9293 3.6",))
    assert (read.choices, read.right) == (("nothing", "the answer"), 1)
    assert [step.verb for step in read.as_written.steps] == ["listen", "connect", "accept", "send", "read"]
    assert read.as_written.steps[3].given == {"on": "server", "data": b"hello\r\n"}
    assert read.broken.steps[3].given == {"on": "server", "data": b"good bye\r\n"}
    assert [step for step in read.broken.steps if step.number != 4] == [
        step for step in read.as_written.steps if step.number != 4
    ]
    assert read.expectations[0].that == "answer.text"
    assert read.plan(broken=True) is read.broken
    assert read.plan(broken=False) is read.as_written


def test_a_card_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        card().title = "another"  # type: ignore[misc]  # the point of the test


def test_rows_and_documents_may_be_missing() -> None:
    values = table()
    del values["rows"], values["rfc"]
    read = card_from_table(values, "sample.toml")
    assert (read.rows, read.rfc) == ((), ())


def put(*path: object) -> Change:
    """A change that puts the last of `path` where the others lead."""
    *keys, last, value = path

    def change(values: Any) -> None:
        for key in keys:
            values = values[key]
        values[last] = value

    return change


def drop(*path: object) -> Change:
    """A change that takes away what `path` leads to."""
    *keys, last = path

    def change(values: Any) -> None:
        for key in keys:
            values = values[key]
        del values[last]

    return change


def add_step(**values: object) -> Change:
    return lambda table: table["step"].append(values)


MISTAKES: dict[str, tuple[Change, str, str]] = {
    # what is wrong: the change, what the sentence says, what the advice says
    "no id": (drop("id"), "sample.toml, id: is missing", "the name of the file"),
    "an id with a space": (put("id", "half close"), "id: 'half close' is no name", "hyphens"),
    "an id that is a number": (put("id", 7), "id: must be text, not 7", "double quotes"),
    "a blank title": (put("title", " \n"), "title: is empty", ""),
    "no question": (drop("question"), "question: is missing", "think about"),
    "half a surrogate": (put("title", "a\ud800"), "title: holds half of a surrogate pair", "whole character"),
    "a title without end": (put("title", "a" * 20_000), "title: has 20000 characters", ""),
    "an unknown panel": (put("panel", "socket"), "panel: there is no panel 'socket'", "sockets, dns"),
    "an unknown key": (put("autor", "me"), "sample.toml: the key 'autor' means nothing here", "there are"),
    "a key almost right": (put("titel", "x"), "the key 'titel' means nothing here", "did you mean title?"),
    "rows that are no list": (put("rows", "C5.1"), "rows: must be a list, not 'C5.1'", '"C5.1"'),
    "a row of another form": (put("rows", ["5.1"]), "rows 1: '5.1' has not the right form", '"C5.1"'),
    "a row twice": (put("rows", ["C5.1", "C5.1"]), "rows: names the same one twice", ""),
    "a document of another form": (
        put("rfc", ["rfc9293"]),
        "rfc 1: 'rfc9293' has not the right form",
        "RFC 9293",
    ),
    "no prediction": (drop("predict"), "predict: is missing", "choices"),
    "a prediction that is no table": (put("predict", 1), "predict: must be a table", "[name]"),
    "one choice": (put("predict", "choices", ["a"]), "predict, choices: has 1 answers", "two, three or four"),
    "five choices": (
        put("predict", "choices", list("abcde")),
        "choices: has 5 answers",
        "two, three or four",
    ),
    "a choice twice": (put("predict", "choices", ["a", "a"]), "choices: has the same answer twice", ""),
    "a choice that is none": (put("predict", "choices", ["a", 2]), "choices 2: must be text, not 2", ""),
    "right beyond the choices": (
        put("predict", "right", 2),
        "right: must be a whole number from 0 to 1, not 2",
        "",
    ),
    "right below the choices": (put("predict", "right", -1), "right: must be a whole number from 0 to 1", ""),
    "right that is a truth": (put("predict", "right", True), "right: must be a whole number from 0 to 1", ""),
    "a key too many in predict": (
        put("predict", "wrong", 0),
        "predict: the key 'wrong' means nothing here",
        "",
    ),
    "no explanation": (drop("explain"), "explain: is missing", "say why"),
    "an empty explanation": (put("explain", "text", ""), "explain, text: is empty", ""),
    "no steps": (drop("step"), "step: is missing", "[[step]]"),
    "an empty list of steps": (put("step", []), "step: is empty", "[[step]]"),
    "a step that is no table": (put("step", ["listen"]), "step 1: must be a table", ""),
    "too many steps": (
        put("step", [{"do": "note", "text": "x"}] * 201),
        "holds 201 entries; 200 are the most",
        "",
    ),
    "a step without a verb": (drop("step", 0, "do"), "step 1, do: is missing", "listen, accept"),
    "an unknown verb": (
        put("step", 3, "do", "sent"),
        "step 4, do: there is no verb 'sent'",
        "did you mean send",
    ),
    "an unknown parameter": (
        put("step", 3, "txt", "x"),
        "step 4 (send): the key 'txt' means nothing",
        "text",
    ),
    "a parameter of another verb": (put("step", 3, "until", "x"), "step 4 (send): the key 'until'", ""),
    "nothing to send": (drop("step", 3, "text"), "step 4 (send): needs text or hex", ""),
    "two things to send": (
        put("step", 3, "hex", "00"),
        "step 4 (send): text and hex exclude each other",
        "keep one",
    ),
    "two ways to read": (
        put("step", 4, "exactly", 3),
        "step 5 (read): until and exactly exclude",
        "keep one",
    ),
    "half an octet": (put("step", 3, {"do": "send", "on": "server", "hex": "0"}), "step 4 (send), hex:", ""),
    "no number of octets": (
        put("step", 4, {"do": "read", "on": "client", "as": "a", "exactly": 0}),
        "exactly: must",
        "",
    ),
    "an empty mark": (put("step", 4, "until", ""), "step 5 (read), until: is empty", ""),
    "too much to send": (put("step", 3, "times", 500_000), "times: makes 3500000 octets; 1000000 are", ""),
    "a time that is text": (
        put("step", 4, "timeout_s", "1"),
        "timeout_s: must be a number of seconds, not '1'",
        "",
    ),
    "no time": (put("step", 4, "timeout_s", 0), "timeout_s: must be above 0 and at most 60", ""),
    "a time that is no number": (put("step", 4, "timeout_s", float("nan")), "timeout_s: must be above 0", ""),
    "a time beyond all numbers": (put("step", 4, "timeout_s", 16**5000), "timeout_s: must be above 0", ""),
    "a flag that is no": (
        put("step", 4, {"do": "read", "on": "client", "as": "answer", "to_end": False}),
        "to_end: can only be true",
        "leave it out",
    ),
    "nothing to act on": (drop("step", 3, "on"), "step 4 (send), on: is missing", "a connection"),
    "a name never opened": (
        put("step", 3, "on", "nobody"),
        "on: no step before this one has the name",
        "there is client",
    ),
    "a name opened later": (put("step", 1, "to", "server"), "to: neither a service", "[lab] starts nothing"),
    "a thing of another kind": (
        put("step", 3, "on", "listener"),
        "on: listener is a listener; this needs a conn",
        "client",
    ),
    "a place that is no place": (
        put("step", 2, "on", "client"),
        "on: client is a stream; this needs a listener",
        "",
    ),
    "no name for what is opened": (
        drop("step", 1, "as"),
        "step 2 (connect), as: is missing",
        "later steps need",
    ),
    "a name with capitals": (put("step", 1, "as", "Client"), "as: 'Client' is no name", "small letters"),
    "a name without end": (put("step", 1, "as", "a" * 41), "is no name", "small letters"),
    "a name twice": (
        put("step", 2, "as", "client"),
        "as: client is the name of something else already",
        "another",
    ),
    "an unknown failure": (put("step", 3, "fails", "Lost"), "fails: there is no failure 'Lost'", "LinkLost"),
    "what failed is used": (
        put("step", 1, "fails", "LinkLost"),
        "on: client is a deed; this needs a connection",
        "",
    ),
    "no expectation": (drop("expect"), "expect: is missing", "[[expect]]"),
    "an expectation of nobody": (
        put("expect", 0, "that", "x.text"),
        "that: no step has the name 'x'",
        "listener",
    ),
    "an expectation of nothing": (
        put("expect", 0, "that", "answer"),
        "that: answer has no value ''",
        "text, hex",
    ),
    "an unknown value": (
        put("expect", 0, "that", "answer.txt"),
        "that: answer has no value 'txt'",
        "text, hex",
    ),
    "no comparison": (drop("expect", 0, "equals"), "expectation 1: compares with nothing", "equals"),
    "an unknown comparison": (put("expect", 0, "is", "x"), "expectation 1: the key 'is' means nothing", ""),
    "a text compared with a number": (put("expect", 0, "equals", 7), "equals: must be text, not 7", ""),
    "a text that is at least": (
        put("expect", 0, "at_least", 7),
        "at_least: compares numbers, and this value is",
        "",
    ),
    "no expression": (put("expect", 0, "matches", "("), "matches: not a regular expression", ""),
    "one of no list": (put("expect", 0, "one_of", "x"), "one_of: must be a list of the values", ""),
    "another value of another kind": (
        put("expect", 0, "same_as", "client.sends"),
        "same_as: is a number",
        "",
    ),
    "no broken part": (drop("broken"), "broken: is missing", "nobody knows whether it can"),
    "an empty broken part": (put("broken", {}), "broken: is empty", "nobody knows whether it can"),
    "a broken part of nothing": (
        put("broken", {"echo": {"reset": True}}),
        "broken, echo: is no service of this",
        "step.NAME",
    ),
    "a broken step of no name": (
        put("broken", "step", {"answers": {"exactly": 1}}),
        "broken, step, answers: is the name of no step",
        'as = "..."',
    ),
    "a broken part that is no table": (put("broken", "step", "greeting", 1), "greeting: must be a table", ""),
    "a broken name": (
        put("broken", "step", "greeting", {"as": "x"}),
        "broken, step, greeting, as: can't be changed",
        "other lines",
    ),
    "a broken part that makes no plan": (
        put("broken", "step", "greeting", {"do": "nothing"}),
        "sample.toml, with [broken]: step 4, do: there is no verb 'nothing'",
        "there are",
    ),
    "a broken part that changes nothing": (
        put("broken", "step", "greeting", {"text": "hello\r\n"}),
        "broken: changes nothing",
        "make the experiment fail",
    ),
    "a lab that starts nothing": (put("lab", {}), "lab, start: is missing", '["echo"]'),
    "a relay to what is not started": (
        put("lab", {"start": ["echo"], "relay": {"to": "lab:time"}}),
        "[lab] relay, to: [lab] starts no",
        "it starts echo",
    ),
    "a relay to nothing": (
        put("lab", {"start": ["echo"], "relay": {"split": 1}}),
        "[lab] relay, to: is missing",
        "lab:echo",
    ),
    "a relay with a switch of the other transport": (
        put("lab", {"start": ["echo"], "relay": {"to": "echo", "drop_percent": 1}}),
        "[lab] relay: the relay has no switch",
        "direction",
    ),
    "a service that is called relay": (
        put("lab", {"start": [{"name": "echo", "as": "relay"}]}),
        'can\'t be called "relay"',
        "another name",
    ),
    "a lab with another key": (
        put("lab", {"start": ["echo"], "stop": 1}),
        "lab: the key 'stop' means nothing here",
        "",
    ),
    "an unknown service": (
        put("lab", {"start": ["ehco"]}),
        '[lab] start 1: the Lab has no service "ehco"',
        "echo",
    ),
    "a service that is no name": (
        put("lab", {"start": [7]}),
        "lab, start 1: must be a name or a table",
        "delay_ms",
    ),
    "an unknown switch": (
        put("lab", {"start": [{"name": "echo", "dely_ms": 1}]}),
        "[lab] start 1: echo has no switch 'dely_ms'",
        "did you mean delay_ms",
    ),
    "a switch out of bounds": (
        put("lab", {"start": [{"name": "echo", "delay_ms": -1}]}),
        "[lab] start 1: delay_ms must be",
        "milliseconds",
    ),
    "a service twice": (
        put("lab", {"start": ["echo", "echo"]}),
        "[lab] start 2: echo is started twice",
        'as = "..."',
    ),
    "a service called step": (
        put("lab", {"start": [{"name": "echo", "as": "step"}]}),
        'a service can\'t be called "step"',
        "another name",
    ),
    "a service that a step names anew": (
        put("lab", {"start": [{"name": "echo", "as": "client"}]}),
        "as: client is the name of something else already",
        "",
    ),
}


@pytest.mark.parametrize(("change", "what", "advice"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_place_and_what_to_do(change: Change, what: str, advice: str) -> None:
    values = table()
    change(values)
    with pytest.raises(LocalMisuse) as caught:
        card_from_table(values, "sample.toml")
    assert caught.value.what.startswith("sample.toml")
    assert what in caught.value.what
    assert advice in caught.value.advice
    assert caught.value.stage == "experiment"


def test_a_service_of_the_wrong_transport_is_refused() -> None:
    values = table()
    values["lab"] = {"start": ["udp-echo"]}
    values["step"][1]["to"] = "lab:udp-echo"
    with pytest.raises(LocalMisuse, match="udp-echo does not speak TCP"):
        card_from_table(values, "sample.toml")


def test_a_relay_stands_before_a_service_and_broken_turns_its_switches() -> None:
    values = table()
    values["lab"] = {"start": ["echo"], "relay": {"to": "lab:echo", "delay_ms": 5}}
    values["step"][1]["to"] = "relay"
    values["broken"] = {"relay": {"cut_after": 2}}
    read = card_from_table(values, "sample.toml")
    assert read.as_written.relay == Relaying("echo", {"delay_ms": 5})
    assert read.broken.relay == Relaying("echo", {"delay_ms": 5, "cut_after": 2})
    assert read.as_written.steps[1].given["to"] == "lab:relay"


def test_a_service_is_named_with_or_without_lab() -> None:
    values = table()
    values["lab"] = {"start": [{"name": "echo", "as": "mirror", "transform": "upper"}]}
    for place in ("mirror", "lab:mirror"):
        values["step"][1]["to"] = place
        read = card_from_table(values, "sample.toml")
        assert read.as_written.steps[1].given["to"] == "lab:mirror"
        assert read.as_written.steps[1].sentence == "The client connects to the Lab's mirror."
    assert read.as_written.services[0].switches == {"transform": "upper"}


def test_a_service_is_broken_by_its_name() -> None:
    values = table()
    values["lab"] = {"start": ["echo"]}
    values["broken"] = {"echo": {"cut_after": 2}}
    read = card_from_table(values, "sample.toml")
    assert read.as_written.services[0].switches == {}
    assert read.broken.services[0].switches == {"cut_after": 2}


@pytest.mark.parametrize("key", ["name", "as"])
def test_a_service_is_broken_by_its_switches_only(key: str) -> None:
    values = table()
    values["lab"] = {"start": ["echo"]}
    values["broken"] = {"echo": {key: "time"}}
    with pytest.raises(LocalMisuse, match=f"broken, echo, {key}: can't be changed"):
        card_from_table(values, "sample.toml")


def test_a_step_that_gets_another_verb_is_replaced_as_a_whole() -> None:
    values = table()
    values["broken"] = {"step": {"greeting": {"do": "finish", "on": "server"}}}
    step = card_from_table(values, "sample.toml").broken.steps[3]
    assert (step.verb, step.name, step.given) == ("finish", "greeting", {"on": "server"})


# Text -----------------------------------------------------------------------------------------------------------------


def test_what_is_no_toml_is_shown_at_its_place() -> None:
    text = SAMPLE.replace('title = "A sample"', 'title = "A sample')
    with pytest.raises(LocalMisuse, match=r"sample\.toml: no TOML: line 3: ") as caught:
        load_card(text, "sample.toml")
    line, caret = caught.value.caret().splitlines()
    assert line == 'title = "A sample'
    assert caret.strip() == "^"


def test_a_text_that_ends_in_the_middle_is_no_toml() -> None:
    with pytest.raises(LocalMisuse, match="no TOML") as caught:
        load_card('id = """half', "sample.toml")
    assert caught.value.start == len('id = """half')


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("#" * (MAX_CARD + 1), "are the most"),
        ("a = " + "[" * 20_000, "nested too deep"),
        (f"a = 1{'0' * 5000}", "no TOML"),
        (f"title = 0x{'f' * 5000}", "id: is missing"),
        (f"id = 0x{'f' * 5000}", "id: must be text, not a number of thousands of digits"),
    ],
)
def test_a_hostile_text_is_a_mistake_like_any_other(text: str, what: str) -> None:
    with pytest.raises(LocalMisuse, match=re.escape(what)):
        load_card(text, "sample.toml")


def test_a_plugin_brings_panels_of_its_own() -> None:
    text = SAMPLE.replace('"sockets"', '"whois"')
    assert load_card(text, "whois.toml", panels=("whois",)).panel == "whois"


def test_an_unknown_id_is_told_what_may_have_been_meant() -> None:
    with pytest.raises(LocalMisuse, match="no experiment 'half-closed'") as caught:
        find_card("half-closed")
    assert "half-close" in caught.value.advice
    with pytest.raises(LocalMisuse) as caught:
        find_card("xyzzy")
    assert "workbench experiment list" in caught.value.advice


def test_the_cards_come_in_order() -> None:
    ids = [read.id for read in all_cards()]
    assert ids == sorted(ids)


# Anything -------------------------------------------------------------------------------------------------------------

scalars = (
    st.text(max_size=20)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.datetimes()
    | st.sampled_from(["client", "server", "listener", "greeting", "answer.text", "lab:echo", "echo", "1"])
    | st.sampled_from([*VERBS, *FAILURES])
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["do", "as", "on", "to", "text", "hex", "name", "start", "step", "that", "right", "choices"]
            )
            | st.sampled_from(sorted(COMPARISONS))
            | st.text(max_size=8),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
places = st.sampled_from(
    [(key,) for key in table()]
    + [("step", number, key) for number in range(5) for key in ("do", "as", "on", "text", "fails", "to", "x")]
    + [("step", number) for number in range(5)]
    + [("expect", 0, key) for key in ("that", *COMPARISONS)]
    + [("broken", "step"), ("broken", "echo"), ("broken", "step", "greeting"), ("lab",), ("predict", "right")]
)


def check(values: dict[str, Any]) -> None:
    """A card comes back, or a mistake that names its file; nothing else is raised."""
    try:
        found: Card | LocalMisuse = card_from_table(values, "any.toml")
    except LocalMisuse as misuse:
        found = misuse
    assert isinstance(found, Card) or found.what.startswith("any.toml")


@given(st.dictionaries(st.sampled_from(sorted(table())) | st.text(max_size=8), anything, max_size=12))
def test_any_table_is_a_card_or_a_mistake(values: dict[str, Any]) -> None:
    check(values)


@given(st.lists(st.tuples(places, anything), min_size=1, max_size=3))
def test_a_card_with_anything_anywhere_is_a_card_or_a_mistake(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    values = table()
    for path, value in changes:
        try:
            put(*path, value)(values)
        except (KeyError, TypeError, IndexError):
            continue  # an earlier change has taken away what this path leads through
    check(values)


@given(st.text(max_size=200))
def test_any_text_is_a_mistake(text: str) -> None:
    with pytest.raises(LocalMisuse):
        load_card(text, "any.toml")


def test_a_head_says_what_the_whole_card_says() -> None:
    assert [*heads()] == [Head(card.id, card.title, card.question) for card in all_cards()]
