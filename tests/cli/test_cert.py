"""The words of `workbench cert`: what is a file, what a server. workbench.cli.cert_subject is tested by its verbs."""

from pathlib import Path

import pytest

from workbench.cli.cert import SUBJECT, VERBS
from workbench.cli.cert_subject import papers_of
from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.target import Target


def subject(text: str) -> object:
    assert SUBJECT.read is not None
    return SUBJECT.read(text)


def test_what_exists_is_a_file_and_else_a_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "host:443").write_bytes(b"")
    (tmp_path / "lab:tls-good").write_bytes(b"")
    assert subject("host:443") == "host:443"
    assert isinstance(subject("other:443"), Target)
    assert isinstance(subject("lab:tls-good"), Target)
    assert subject("-") == "-"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("www.example.test", "www.example.test:443"),
        ("", "name a file"),
    ],
)
def test_what_is_neither_is_told_what_it_could_be(text: str, advice: str):
    assert subject(text) == text
    with pytest.raises(LocalMisuse) as refused:
        papers_of(text)
    assert advice in refused.value.advice
    assert refused.value.end == len(text)


@pytest.mark.parametrize("name", ["missing.pem", "missing.der", "folder/chain"])
def test_what_is_named_like_a_file_and_is_not_there_is_a_fault_of_this_machine(name: str):
    assert subject(name) == name
    with pytest.raises(LocalFault) as failed:
        papers_of(name)
    assert (failed.value.errno_name, "name a file" in failed.value.advice) == ("ENOENT", True)


def test_a_mistake_in_a_target_keeps_its_place():
    with pytest.raises(LocalMisuse) as refused:
        subject("127.0.0.1:99999")
    assert refused.value.start == 10


def test_there_are_two_verbs():
    assert [verb.name for verb in VERBS] == ["show", "verify"]
