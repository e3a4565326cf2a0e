"""Packet Sender's packets, from its INI and its JSON; with qsettings.py, which reads the INI that Qt itself wrote."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from workbench.errors import LocalMisuse
from workbench.formats.macro import parse_template
from workbench.formats.macro_run import Run
from workbench.formats.packetsender import read_packets
from workbench.formats.qsettings import read_settings

WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


def packet(**changes: object) -> dict[str, object]:
    usual = {"name": "one", "hexstring": "68 69 0d 0A", "toip": "::1", "port": "7", "tcporudp": "TCP"}
    return {**usual, **changes}


def test_json_as_it_exports_it():
    found = read_packets(json.dumps([packet(fromip="", errorstring="", fromport="0", repeat=0)]).encode())
    (payload,) = found.payloads
    assert (payload.title, payload.text, payload.target, payload.transport) == (
        "one",
        "hi\\r\\n",
        "[::1]:7",
        "tcp",
    )
    assert (payload.line_ending, payload.encoding, payload.note) == ("as typed", "utf-8", "")
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"repeat": 2.5}, "sent again every 2.5 s"),
        ({"fromport": "99"}, "sent from port 99"),
        ({"requestpath": "/x"}, "request /x"),
        ({"toip": "a b"}, "is none"),
        ({"port": "0"}, "is none"),
        ({"hexstring": b"{{TIME}} {{COUNTER}}".hex()}, "{{TIME}}, {{COUNTER}}: written as macros"),
    ],
)
def test_what_a_payload_can_t_hold_is_told(changes, remark):
    found = read_packets(json.dumps([packet(**changes)]).encode())
    assert len(found.payloads) == 1
    assert any(remark in each.what and not each.is_refused for each in found.remarks)


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"tcporudp": "HTTPS Post"}, "HTTPS Post is no plain payload"),
        ({"tcporudp": "DTLS"}, "DTLS is no plain payload"),
        ({"hexstring": "6 8z"}, "can't be read"),
        ({"hexstring": "686"}, "can't be read"),
        ({"name": ""}, "without a name"),
    ],
)
def test_what_would_be_sent_otherwise_is_refused_by_name(changes, remark):
    found = read_packets(json.dumps([packet(**changes), packet(name="two")]).encode())
    assert [each.title for each in found.payloads] == ["two"]
    assert any(remark in each.what and each.is_refused for each in found.remarks)


def test_its_macros_become_ours_and_a_dollar_stays_one():
    data = b"${no} {{COUNTER}} {{DATE}} {{UNIXTIME}} {{UNIQUE}} {{RANDOM}}"
    (payload,) = read_packets(json.dumps([packet(hexstring=data.hex())]).encode()).payloads
    sent = parse_template(payload.text).render(Run(1, lambda: 0)).split()
    assert sent[:4] == [b"${no}", b"1", b"1970-01-01", b"0"]
    assert (len(sent[4]), sent[5].isdigit()) == (36, True)


@pytest.mark.parametrize("data", [b"", b"hello", b"[1, 2]", b"[{}", b'{"a": 1}', b"[NAMES]\nsize=0\n"])
def test_other_files_are_refused(data: bytes):
    with pytest.raises(LocalMisuse):
        read_packets(data)


@given(st.binary(max_size=300))
def test_any_octets_are_packets_or_a_mistake(data: bytes):
    for file in (data, b"[NAMES]\n1\\name=a\n[a]\n" + data, b"[" + data):
        try:
            found = read_packets(file)
        except LocalMisuse:
            continue
        assert all(parse_template(each.text) for each in found.payloads)


def test_an_ini_that_qt_wrote(tmp_path: Path):
    names = ["Hello é", 'a/b, "q"; x=y', "Näm=e 100%", "日本", "plain"]
    written = QSettings(str(tmp_path / "packets.ini"), QSettings.Format.IniFormat)
    written.beginWriteArray("NAMES")
    for at, name in enumerate(names):
        written.setArrayIndex(at)
        written.setValue("name", name)
    written.endArray()
    for name in names[:-1]:
        written.setValue(f"{name}/name", name)
        written.setValue(f"{name}/toIP", "127.0.0.1")
        written.setValue(f"{name}/port", 7)
        written.setValue(f"{name}/repeat", 1.5)
        written.setValue(f"{name}/tcpOrUdp", "UDP")
        written.setValue(f"{name}/hexString", "68 69 ")
    written.sync()
    found = read_packets((tmp_path / "packets.ini").read_bytes())
    assert [each.title for each in found.payloads] == names[:-1]
    assert {each.text for each in found.payloads} == {"hi"}
    assert found.payloads[0].note == "sent again every 1.5 s: choose that under Repeat"
    assert [each.name for each in found.remarks if each.is_refused] == ["plain"]


@settings(max_examples=30)
@given(st.dictionaries(WORDS.filter(lambda key: "/" not in key and "\\" not in key), WORDS, max_size=4))
def test_keys_and_values_of_qt_are_read_as_qt_reads_them(tmp_path_factory, wanted):
    path = tmp_path_factory.mktemp("ini") / "a.ini"
    written = QSettings(str(path), QSettings.Format.IniFormat)
    for key, value in wanted.items():
        written.setValue(f"group/{key}", value)
    written.sync()
    if not wanted:
        return
    found = read_settings(path.read_bytes())
    assert found.values == {f"group/{key}": value for key, value in wanted.items()}


def test_the_older_ways_of_qt():
    text = (
        b"[General]\na=@Variant(\\0\\0\\0\\x87?\\xc0\\0\\0)\nb=@ByteArray(x)\nc=@@x\nd=\\xe9\\x20ac\n"
        b"e=@Invalid()\n;no\nf"
    )
    found = read_settings(text)
    assert found.values == {"a": "1.5", "b": "x", "c": "@x", "d": "é€", "e": ""}
    assert len(found.problems) == 1
    assert read_settings(b"[a]\nk=caf\xe9\n").values == {"a/k": "café"}
    assert read_settings(b"k=@Variant(junk)").values == {"k": "@Variant(junk)"}
