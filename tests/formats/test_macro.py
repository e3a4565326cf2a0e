"""Payloads with macros: what each makes, where each mistake is, and what any text may do. Its parts are
workbench.formats.number_form, workbench.formats.macro_fill and workbench.formats.macro_run."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.crc import CHECKS
from workbench.formats.macro import MACROS, parse_template
from workbench.formats.macro_run import Run
from workbench.formats.number_form import FORMS, number_form
from workbench.formats.payload import parse_payload

NOON_NS = 1_700_000_000 * 10**9  # 2023-11-14 22:13:20 UTC


def made(text: str, **kwargs: str) -> bytes:
    return parse_template(text, **kwargs).render(Run(1, lambda: NOON_NS))


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("${counter}${counter}", b"11"),
        ("${counter from=7 as=dec3}", b"007"),
        ("${counter from=258 as=u16le}", b"\x02\x01"),
        ("${date utc}", b"2023-11-14"),
        ("${date utc %d.%m.%y %H:%M}!", b"14.11.23 22:13!"),
        ("${http-date}", b"Tue, 14 Nov 2023 22:13:20 GMT"),
        ("${unix}", b"1700000000"),
        ("${unix as=u32}", (1_700_000_000).to_bytes(4)),
        ("${length as=u16}hello", b"\x00\x05hello"),
        ("${length}0123456789", b"100123456789"),
        ("${length b plus=2 as=u8}${begin b}abc${end b}rest", b"\x05abcrest"),
        ("${length b as=u32le}${begin b}${length c as=u8}${begin c}x${end c}${end b}", b"\2\0\0\0\1x"),
        ("${length b as=dec3}${begin b}${length b as=dec3}.${end b}", b"004004."),
        (r"\x01\x03\x00\x00\x00\x0a${crc16-modbus as=le}", bytes.fromhex("01030000000ac5cd")),
        ("$${not one} costs 3$", b"${not one} costs 3$"),
        ("${begin a}ab${xor8 a as=HEX}${end a}", b"ab03"),
        ("${begin a}x${end a}${crc32 a as=hex}", f"x{zlib.crc32(b'x'):08x}".encode()),
        ("${begin a}\\r\\n${end a}", b"\r\n"),
    ],
)
def test_what_a_macro_makes(text: str, octets: bytes):
    assert made(text) == octets


def test_a_check_in_its_own_span_counts_as_zeros():
    header = made(r"${begin h}\{45 00 00 1c 00 00 00 00 40 11}${inet h}\{7f 00 00 01 7f 00 00 01}${end h}")
    assert CHECKS["inet"].compute(header) == 0


def test_counters_go_on_and_dates_are_of_one_moment():
    ticks = iter(range(10))
    run = Run(wall=lambda: next(ticks) * 10**9)
    template = parse_template("${counter step=5} ${unix}${unix} ${counter name=b}")
    assert [template.render(run) for _ in range(3)] == [b"1 00 1", b"6 11 2", b"11 22 3"]
    twin = run.copy()
    assert template.render(twin) == template.render(run).replace(b"44", b"33")


def test_chance_can_be_had_again():
    template = parse_template("${random 8}${uuid}${random 1..6}")
    first = template.render(Run(5))
    assert first == template.render(Run(5)) != template.render(Run(6))
    assert first[8 + 14 : 8 + 15] == b"4"
    assert 1 <= int(first[-1:]) <= 6


def test_digits_are_written_in_the_payload_s_encoding():
    assert made("${counter}", encoding="utf-16-le") == b"1\0"
    assert made("${length as=dec2}ab", encoding="utf-16-le") == "04ab".encode("utf-16-le")
    assert made("${begin a}x${end a}${crc8 a as=hex}", encoding="cp500")[1:].decode("cp500").isalnum()


@pytest.mark.parametrize(
    ("text", "marked", "what"),
    [
        ("ab${", "${", "never closed"),
        ("ab${counter", "${counter", "never closed"),
        ("${}", "${}", "no name"),
        ("${cuonter}", "cuonter", "no macro"),
        ("${counter from=x}", "x", "no whole number"),
        ("${counter from=1 from=2}", "from=2", "twice"),
        ("${counter to=3}", "to=3", "no option"),
        ("${counter 5}", "5", "too much"),
        ("${counter as=u12}", "u12", "no way"),
        ("${date %Q}", "%Q", "means nothing"),
        ("${date %}", "%", "means nothing"),
        ("${random 6..1}", "6..1", "no number from"),
        ("${random 70000}", "70000", "up to"),
        ("${random 4 as=u8}", "4", "not written"),
        ("${length nowhere}", "${length nowhere}", "no span"),
        ("${begin a}x", "${begin a}", "never ends"),
        ("x${end a}", "${end a}", "no span a is open"),
        ("${begin a}${end a}${begin a}${end a}", "${begin a}", "begins twice"),
        ("${begin 1a}", "1a", "no name of a span"),
        ("${begin a}${length a}${end a}", "${length a}", "depends"),
        ("${begin a}${crc8 b}${end a}${begin b}${crc8 a}${end b}", "${crc8 b}", "cover each other"),
        ("${crc16-arc as=u16}", "u16", "not written"),
        (r"ok${counter}\q", r"\q", "no escape"),
    ],
)
def test_every_mistake_has_its_place(text: str, marked: str, what: str):
    with pytest.raises(LocalMisuse, match=what) as found:
        parse_template(text)
    assert found.value.text == text
    assert text[found.value.start : found.value.end] == marked
    assert found.value.advice


def test_a_number_that_does_not_fit_its_field_is_a_mistake_and_never_cut():
    template = parse_template("${length as=u8}" + "x" * 256)
    with pytest.raises(LocalMisuse, match="256 does not fit u8") as found:
        template.render(Run())
    assert (found.value.start, found.value.end) == (0, 15)
    with pytest.raises(LocalMisuse, match="1000 does not fit dec3"):
        made("${counter from=1000 as=dec3}")


def test_a_date_the_encoding_lacks_is_a_mistake():
    with pytest.raises(LocalMisuse, match="has no U\\+20AC") as found:
        parse_template("${date %Y €}", encoding="latin-1")
    assert found.value.text[found.value.start] == "€"


def test_many_macros_are_refused():
    with pytest.raises(LocalMisuse, match="more than"):
        parse_template("${uuid}" * 201)


def test_pieces_say_which_text_made_which_octets():
    template = parse_template("a${length as=u8}b")
    assert [tuple(piece) for piece in template.pieces(Run())] == [
        (0, 1, b"a"),
        (1, 16, b"\1"),
        (16, 17, b"b"),
    ]


WORDS = st.lists(
    st.one_of(
        st.sampled_from(["${", "}", "$${", "$", "\\", " ", "=", "..", "as=u8", "from=", "a", "%H", "\r\n"]),
        st.sampled_from([f"${{{name}}}" for name in MACROS]),
        st.sampled_from(["${begin a}", "${end a}", "${length a as=u16}", "${crc32 a as=le}", "${random 3}"]),
        st.text(max_size=4),
    ),
    max_size=12,
).map("".join)


def check_place(wrong: LocalMisuse, text: str) -> None:
    assert wrong.text == text
    assert wrong.start is not None
    assert 0 <= wrong.start <= (wrong.end or 0) <= len(text)


@given(WORDS)
def test_any_text_is_a_payload_or_a_mistake_with_a_place(text: str):
    try:
        template = parse_template(text)
        data = template.render(Run(1, lambda: NOON_NS))
    except LocalMisuse as wrong:
        check_place(wrong, text)
        return
    pieces = template.pieces(Run(1, lambda: NOON_NS))
    assert b"".join(piece.data for piece in pieces) == data
    assert [piece.start for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]


@given(st.text(alphabet=st.characters(exclude_characters="$\\"), max_size=40))
def test_without_a_dollar_it_is_a_plain_payload(text: str):
    try:
        plain = parse_payload(text, line_ending="crlf")
    except LocalMisuse:
        return
    assert parse_template(text, line_ending="crlf").render(Run()) == plain


@given(st.binary(max_size=40).map(bytes.hex), st.sampled_from(sorted(CHECKS)))
def test_length_and_check_agree_with_what_they_cover(octets: str, check: str):
    data = bytes.fromhex(octets)
    text = f"${{length b as=u16}}${{begin b}}\\{{{octets}}}${{end b}}${{{check} b as=le}}"
    found = made(text)
    size = CHECKS[check].octets
    assert found == len(data).to_bytes(2) + data + CHECKS[check].compute(data).to_bytes(size, "little")


@given(st.integers(0, 2**64 - 1), st.sampled_from([*FORMS, "dec20", "hex16", "HEX1"]))
def test_a_number_is_written_or_refused(number: int, name: str):
    form = number_form(name)
    assert form is not None
    data = form.write(number)
    if data is None:
        assert number >= (
            256**form.octets if form.octets else (10 if form.kind == "dec" else 16) ** form.width
        )
    elif form.octets:
        assert int.from_bytes(data, "big" if form.kind == "big" else "little") == number
    else:
        assert int(data, 10 if form.kind == "dec" else 16) == number
    assert form.size() in (None, len(data) if data is not None else form.size())


def test_a_negative_number_needs_a_sign():
    assert FORMS["dec"].write(-5) == b"-5"
    assert FORMS["u8"].write(-1) is FORMS["hex"].write(-1) is None
    assert number_form("dec0") is number_form("u12") is None
