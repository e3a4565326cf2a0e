"""A person's texts in folders: kept, found, moved, deleted and had back; and nothing outside is touched."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.raw.library import MAX_NAME, Library, check_name, safe_name


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def names(library: Library) -> list[str]:
    return [f"{entry.kind} {entry.name}" for entry in library.listing().entries]


def test_nothing_is_there_at_first_and_nothing_is_made(library: Library):
    assert library.listing() == ((), (), False)
    assert not library.folder.exists()


def test_texts_are_kept_in_folders_and_only_for_this_user(library: Library):
    text = 'send "é"\r\n\udcff'
    library.write("script", "Mail/Greeting", text)
    library.write("payload", "b", "")
    library.write("payload", "A", "x")
    assert names(library) == ["payload A", "payload b", "script Mail/Greeting"]
    assert library.listing().folders == ("Mail",)
    assert library.folder.stat().st_mode & 0o777 == 0o700
    assert (library.folder / "b.payload").stat().st_mode & 0o777 == 0o600
    library.write("script", "Mail/Greeting", "new")
    assert library.read("script", "Mail/Greeting") == "new"
    entry = library.listing().entries[2]
    assert (entry.folder, entry.title, entry.size) == ("Mail", "Greeting", 3)


def test_what_is_there_is_not_overwritten_by_a_new_one(library: Library):
    library.write("payload", "a", "x", is_new=True)
    with pytest.raises(LocalMisuse, match="already"):
        library.write("payload", "a", "y", is_new=True)
    assert library.read("payload", "a") == "x"
    assert library.free_name("payload", "a") == "a 2"
    assert library.free_name("rules", "a") == "a"


def test_an_entry_is_moved_and_a_folder_too(library: Library):
    library.write("payload", "a", "x")
    library.write("payload", "b", "y")
    assert library.move("payload", "a", "In/Deep/c").name == "In/Deep/c"
    with pytest.raises(LocalMisuse, match="already"):
        library.move("payload", "b", "In/Deep/c")
    with pytest.raises(LocalFault):
        library.move("payload", "none", "d")
    library.move_folder("In", "Out")
    assert names(library) == ["payload b", "payload Out/Deep/c"]
    with pytest.raises(LocalMisuse, match="into itself"):
        library.move_folder("Out", "Out/x")


def test_the_trash_gives_back_what_it_took(library: Library):
    library.write("payload", "In/a", "x")
    first = library.discard("payload", "In/a")
    library.write("payload", "In/a", "second")
    second = library.discard("payload", "In/a")
    assert names(library) == []
    assert library.restore(first).name == "In/a"
    assert library.restore(second).name == "In/a 2"
    assert (library.read("payload", "In/a"), library.read("payload", "In/a 2")) == ("x", "second")
    with pytest.raises(LocalFault):
        library.restore(second)


def test_folders_are_made_and_removed_only_when_empty(library: Library):
    library.make_folder("a/b")
    with pytest.raises(LocalMisuse, match="already"):
        library.make_folder("a/b")
    with pytest.raises(LocalMisuse, match="not empty"):
        library.remove_folder("a")
    library.remove_folder("a/b")
    library.remove_folder("a")
    assert library.listing().folders == ()


def test_names_and_texts_are_searched_for_all_words(library: Library):
    library.write("payload", "Mail/Greeting", "EHLO me")
    library.write("script", "Other", 'send "ehlo"')
    (library.folder / "broken.rules").write_bytes(b"\xff")
    assert [entry.name for entry in library.search("ehlo")] == ["Mail/Greeting", "Other"]
    assert [entry.name for entry in library.search("EHLO mail")] == ["Mail/Greeting"]
    assert [entry.name for entry in library.search("broken")] == ["broken"]
    assert library.search("ehlo nothing") == ()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a//b",
        "../a",
        "a/../b",
        "/a",
        ".hidden",
        "a/.b",
        "a.",
        "a ",
        " a",
        "a\nb",
        "a\0",
        "a:b",
        "a\\b",
        "x" * 101,
    ],
)
def test_names_that_lead_out_or_can_t_be_are_refused_with_the_place(library: Library, name: str):
    for work in (
        lambda: library.write("payload", name, "x"),
        lambda: library.read("payload", name),
        lambda: library.make_folder(name),
        lambda: library.discard("payload", name),
    ):
        with pytest.raises(LocalMisuse) as found:
            work()
        assert found.value.start is not None
    assert not library.folder.exists()


def test_links_are_neither_followed_nor_listed(library: Library, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.payload").write_text("x", encoding="utf-8")
    library.write("payload", "a", "x")
    (library.folder / "out").symlink_to(outside)
    (library.folder / "link.payload").symlink_to(outside / "secret.payload")
    assert names(library) == ["payload a"]
    with pytest.raises(LocalFault):
        library.write("payload", "out/new", "x")
    with pytest.raises(LocalFault):
        library.move("payload", "a", "out/a")
    with pytest.raises(LocalFault):
        library.read("payload", "link")
    assert os.listdir(outside) == ["secret.payload"]


def test_what_is_no_text_and_what_is_no_file_is_told(library: Library):
    library.write("payload", "a", "x")
    (library.folder / "b.payload").write_bytes(b"ok\n\xff")
    with pytest.raises(LocalMisuse, match="line 2"):
        library.read("payload", "b")
    os.mkfifo(library.folder / "c.payload")
    with pytest.raises(LocalMisuse, match="no file"):
        library.read("payload", "c")
    assert names(library) == ["payload a", "payload b"]


@given(st.text(max_size=150))
def test_any_text_becomes_a_name_that_can_be(text: str):
    name = safe_name(text)
    check_name(name)
    assert "/" not in name
    assert len(name) <= MAX_NAME
    assert len(f"{name}.payload".encode("utf-8", "surrogatepass")) <= 255
