"""Rows of the tree: what stands where, and that nothing is said twice differently."""

from tests.protocols.certificates.authorities import BETWEEN, NOW, ROOT, SERVER
from workbench.formats.x509.paper import read_papers
from workbench.panels.certificates.entries import file_entries, first_shown
from workbench.panels.certificates.state import Entry, find
from workbench.protocols.certificates.judge import judge_chain
from workbench.protocols.certificates.trust import pem

PAPERS = read_papers(pem(SERVER.der) + pem(BETWEEN.der))
CHAIN = (SERVER.read, BETWEEN.read)


def entries(name: str = "localhost") -> tuple[Entry, ...]:
    return file_entries(PAPERS, "chain.pem", judge_chain(CHAIN, ROOT.store(), name, NOW), CHAIN)


def test_the_chain_hangs_from_its_root_down():
    built = entries()[2]
    (root,) = built.children
    (between,) = root.children
    (server,) = between.children
    assert [each.title for each in (root, between, server)] == ["root", "between", "server"]
    assert root.note == "root, from the test's authority"
    assert between.note == server.note == "from the file"


def test_the_verdict_tells_each_name_and_what_was_not_checked():
    verdict = entries("other.test")[0]
    names = {field.name: field for field in verdict.fields}
    assert verdict.note == "refused"
    assert names["Name"].text == "other.test: no name matches"
    assert [(each.name, each.text) for each in names["Name"].fields] == [("DNS:localhost", "another name")]
    assert len(names["Not checked"].fields) >= 3
    assert entries("")[0].fields[0].text == "no name was compared"


def test_the_certificate_is_shown_first_and_an_empty_file_nothing():
    assert first_shown(entries()) == "paper/0"
    assert first_shown(()) == ""
    assert find(entries(), "built/1") is not None
    assert find(entries(), "nothing") is None


def test_without_a_judgement_only_the_papers_are_there():
    assert [entry.key for entry in file_entries(PAPERS, "x", None, ())] == ["papers"]
