"""Scripts and rules as texts: what they mean, and where a mistake is. With script_words.py, which reads the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.macro_run import Run
from workbench.protocols.raw.script import flat, parse_script, place_of, unrolled
from workbench.protocols.raw.script_words import read_lines

WHOLE = r"""
# everything that there is
timeout 5s
seed 7
expect "220 "                     # a remark behind it
expect text "a\"b\\" within 2s
expect hex 0d 0a within 200ms
expect hex "de ad"
expect regex "^250[ -]\"" within 1m
expect nothing for 500ms
send "EHLO x\r\n"
send hex de ad
repeat 2 every 10ms
  repeat 3
    send "${counter}"
  end
end
wait 1.5s
starttls
guard
finish
expect end
expect end FIN within 3s
reset
close
"""


def test_every_statement_is_read():
    script = parse_script(WHOLE)
    assert script.seed == 7
    kinds = [each.kind for each in script.statements]
    assert kinds == [
        *["expect"] * 5, "silence", "send", "send", "repeat", "wait", "starttls", "guard", "finish",
        "end", "end", "reset", "close",
    ]  # fmt: skip
    first, quoted, numbers, octets, pattern, silence, text, hexed, *_ = script.statements
    assert (first.octets, first.seconds, first.line) == (b"220 ", 5.0, 5)
    assert (quoted.octets, quoted.seconds) == (b'a"b\\', 2.0)
    assert (numbers.octets, numbers.seconds) == (b"\r\n", 0.2)
    assert octets.octets == b"\xde\xad"
    assert pattern.pattern.search(b'250-"') is not None
    assert pattern.seconds == 60
    assert silence.seconds == 0.5
    assert (text.template.render(Run()), hexed.template.render(Run())) == (b"EHLO x\r\n", b"\xde\xad")
    assert [each.end for each in script.statements if each.kind == "end"] == ["any", "FIN"]
    assert text.text == 'send "EHLO x\\r\\n"'
    assert script.starts_tls


def test_repetitions_are_counted_and_carried_out():
    script = parse_script(WHOLE)
    steps = [each.kind for each in unrolled(script.statements)]
    assert steps.count("send") == 2 + 6
    assert steps.count("wait") == 1 + 1
    assert len(steps) == script.total
    assert sum(each.kind == "send" for each in flat(script.statements)) == 3


@pytest.mark.parametrize(
    ("text", "place", "marked", "what"),
    [
        ("", (1, 1), "", "says nothing"),
        ("# only a remark\n", (1, 1), "", "says nothing"),
        ('send "x"\nsned "y"', (2, 1), "sned", "no statement"),
        ('send "x', (1, 6), '"x', "never closed"),
        ("send x", (1, 6), "x", "without quotes"),
        ("send", (1, 5), "", "a text is missing"),
        (r'send "ab\q"', (1, 9), r"\q", "no escape"),
        (r'send "a\"b\q"', (1, 11), r"\q", "no escape"),
        ('send "${couter}"', (1, 9), "couter", "no macro"),
        ("send hex abc", (1, 10), "abc", "digit"),
        ("send hex", (1, 9), "", "octets are missing"),
        ("expect hex within 2s", (1, 12), "within", "octets are missing"),
        ('send "a" "b"', (1, 11), "b", "too much"),
        ('expect "a" within 5', (1, 19), "5", "no time"),
        ('expect "a" within', (1, 18), "", "a time is missing"),
        ('expect "a" within 2h', (1, 19), "2h", "no time"),
        ('expect "a" within 61m', (1, 19), "61m", "hour"),
        ('expect ""', (1, 9), "", "text is empty"),
        ('expect "${counter}"', (1, 9), "${counter}", "nobody knows"),
        ('expect regex "a("', (1, 17), "", "regular expression"),
        ("expect nothing", (1, 15), "", "for how long"),
        ("expect end SYN", (1, 12), "SYN", "no end"),
        ("repeat 0\nend", (1, 8), "0", "out of reach"),
        ("repeat 2\nsend hex 00", (1, 1), "repeat 2", "never ends"),
        ("repeat 2\nend", (1, 1), "repeat 2", "nothing is repeated"),
        ("end", (1, 1), "end", "nothing is repeated here"),
        ("repeat 99999\nrepeat 9\nfinish\nend\nend", (1, 1), "repeat 99999", "more than"),
        ("repeat 2\n" * 9 + "finish\n" + "end\n" * 9, (9, 8), "2", "in each other"),
        ("seed x", (1, 6), "x", "no number"),
        ("finish\x0bnow", (1, 7), "\x0b", "between words"),
    ],
)
def test_every_mistake_has_line_and_place(text: str, place: tuple[int, int], marked: str, what: str):
    with pytest.raises(LocalMisuse, match=what) as found:
        parse_script(text)
    wrong = found.value
    assert wrong.text == text
    assert place_of(text, wrong) == place
    assert text[wrong.start : wrong.end] in (marked, marked + " ")
    assert wrong.advice


def test_datagrams_know_no_ends():
    script = parse_script('send "x"\nexpect "x"\nfinish\n')
    script.check_transport("tcp")
    with pytest.raises(LocalMisuse, match="finish is for streams") as found:
        script.check_transport("udp")
    assert place_of(script.source, found.value) == (3, 1)


def test_lines_end_in_any_way():
    assert [line.number for line in read_lines("a\r\n\n  b # c\r\n")] == [1, 3]


def check_place(wrong: LocalMisuse, text: str) -> None:
    assert wrong.text == text
    assert wrong.start is not None
    assert 0 <= wrong.start <= (wrong.end or 0) <= len(text)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(WHOLE.splitlines()),
            st.sampled_from(["repeat 2", "end", 'send "', "expect hex", "within", "${", '\\"', "#", '"']),
            st.text(max_size=6),
        ),
        max_size=8,
    ).map("\n".join)
)
def test_any_text_is_a_script_or_a_mistake_with_a_place(text: str):
    try:
        script = parse_script(text)
    except LocalMisuse as wrong:
        check_place(wrong, text)
        return
    assert sum(1 for _ in unrolled(script.statements)) == script.total
