"""The settings' file: junk never stops the start, and nothing a person wrote is lost."""

import os
import stat
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalFault, LocalMisuse
from workbench.settings import Places, Settings, load_settings, places, save_settings
from workbench.settings.file import MAX_FILE


@pytest.fixture
def where(tmp_path: Path) -> Places:
    """Places of the test's own, with a folder for the file."""
    found = places({"WORKBENCH_HOME": str(tmp_path)})
    found.config.mkdir()
    return found


def write(where: Places, text: str | bytes) -> Path:
    """Put the file there as a person's editor does."""
    path = where.config / "settings.toml"
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def test_without_a_file_all_is_as_usual(where: Places) -> None:
    assert load_settings(where) == (Settings(), [])
    assert load_settings(places({"WORKBENCH_HOME": "/nonexistent"})) == (Settings(), [])


def test_what_is_saved_is_loaded(where: Places) -> None:
    settings = Settings(
        appearance="dark",
        scale_percent=200,
        default_timeout_s=2.5,
        spool_after_mib=64,
        conversation_rows=20,
        shortcuts={"ftp.retrieve": "F5", "quit": "", 'odd "id"': "Ctrl+Ä"},
    )
    save_settings(where, settings)
    assert load_settings(where) == (settings, [])
    path = where.config / "settings.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(where.config) == ["settings.toml"]
    save_settings(where, Settings())
    assert load_settings(where) == (Settings(), [])


def test_only_what_differs_is_written(where: Places) -> None:
    save_settings(where, Settings(scale_percent=150))
    text = (where.config / "settings.toml").read_text(encoding="utf-8")
    assert text.startswith("# Settings of Network Workbench.")
    assert tomllib.loads(text) == {"version": 1, "scale_percent": 150}


MINE = """\
# my own file
version = 1  # do not touch

scale_percent = 0x96   # hexadecimal, because I can
future_key = [1, 2, {a = "b"}]

[shortcuts]   # keys
"app.quit" = "Ctrl+Q"  # as it should be
ftp.retrieve = "F5"
ftp.store = "F6"
mail = {send = "F9"}

[plugin.something]
deep = true
"""


def test_a_persons_comments_order_and_unknown_keys_stay(where: Places) -> None:
    path = write(where, MINE)
    settings, problems = load_settings(where)
    assert problems == []
    assert settings.scale_percent == 150
    assert settings.shortcuts == {
        "app.quit": "Ctrl+Q",
        "ftp.retrieve": "F5",
        "ftp.store": "F6",
        "mail.send": "F9",
    }
    save_settings(where, settings)
    assert path.read_text(encoding="utf-8") == MINE
    save_settings(where, replace(settings, appearance="light"))
    text = path.read_text(encoding="utf-8")
    for line in MINE.splitlines():
        assert line in text
    assert load_settings(where)[0] == replace(settings, appearance="light")


@pytest.mark.parametrize(
    "shortcuts",
    [
        {},
        {"app.quit": "Ctrl+W", "ftp.retrieve": "F5", "ftp.store": "F6", "mail.send": "F9"},
        {"app.quit": "Ctrl+Q", "ftp.retrieve": "F7", "mail.send": "F10"},
        {"ftp": "x"},
        {"ftp.retrieve": "F5", "ftp.store": "F6", "ftp.store.all": "F7"},
        {"new.one": "F1"},
    ],
)
def test_shortcuts_are_changed_where_they_stand(where: Places, shortcuts: dict[str, str]) -> None:
    path = write(where, MINE)
    save_settings(where, Settings(scale_percent=150, shortcuts=shortcuts))
    settings, problems = load_settings(where)
    assert problems == []
    assert settings.shortcuts == shortcuts
    text = path.read_text(encoding="utf-8")
    assert "# my own file" in text
    assert "future_key" in text
    assert "deep = true" in text


def test_each_wrong_value_is_reported_and_its_default_taken(where: Places) -> None:
    path = write(
        where,
        'version = 1\nappearance = "blue"\nscale_percent = "big"\ndefault_timeout_s = nan\nspool_after_mib = 8\n'
        "conversation_rows = true\n[shortcuts]\na = 1\nb = 'F2'\nc.d = []\n",
    )
    settings, problems = load_settings(where)
    assert settings == Settings(spool_after_mib=8, shortcuts={"b": "F2"})
    assert len(problems) == 6
    assert all(problem.startswith(f"{path}: ") and problem.endswith(" used") for problem in problems)
    assert (
        f'{path}: scale_percent is "big", but must be a whole number from 50 to 300; 100 is used' in problems
    )


def test_a_whole_number_of_seconds_is_a_number_of_seconds(where: Places) -> None:
    write(where, "default_timeout_s = 5")
    settings, problems = load_settings(where)
    assert problems == []
    assert type(settings.default_timeout_s) is float
    assert settings.default_timeout_s == 5.0


def test_a_person_may_leave_the_version_out(where: Places) -> None:
    write(where, 'appearance = "dark"')
    assert load_settings(where) == (Settings(appearance="dark"), [])


JUNK = {
    "no TOML": b"this is not toml",
    "a key twice": b"a = 1\na = 2\n",
    "octets": b"\xff\xfe\x00",
    "nested": b"a = " + b"[" * 5000 + b"]" * 5000,
    "endless digits": b"scale_percent = " + b"9" * 10_000,
    "large": b"# " + b"x" * MAX_FILE,
}


@pytest.mark.parametrize("name", JUNK)
def test_a_file_that_cannot_be_read_is_kept_aside_when_next_saved(where: Places, name: str) -> None:
    path = write(where, JUNK[name])
    settings, problems = load_settings(where)
    assert settings == Settings()
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}: ")
    assert problems[0].endswith("the defaults are used")
    assert path.read_bytes() == JUNK[name]
    save_settings(where, Settings(appearance="dark"))
    assert load_settings(where) == (Settings(appearance="dark"), [])
    assert (where.config / "settings.toml.broken").read_bytes() == JUNK[name]
    write(where, b"broken = again = ")
    save_settings(where, Settings())
    assert (where.config / "settings.toml.broken").read_bytes() == JUNK[name]
    assert (where.config / "settings.toml.broken.2").read_bytes() == b"broken = again = "


def test_a_newer_file_is_read_and_kept(where: Places) -> None:
    newer = 'version = 3\nappearance = "dark"\nscale_percent = {x = 2}\nnew = "thing"\n'
    write(where, newer)
    settings, problems = load_settings(where)
    assert settings == Settings(appearance="dark")
    assert "newer program" in problems[0]
    assert "version 3" in problems[0]
    assert len(problems) == 2
    save_settings(where, settings)
    assert (where.config / "settings.toml.version-3").read_text(encoding="utf-8") == newer
    table = tomllib.loads((where.config / "settings.toml").read_text(encoding="utf-8"))
    assert table == {"version": 1, "appearance": "dark", "scale_percent": 100, "new": "thing"}
    save_settings(where, settings)
    assert sorted(os.listdir(where.config)) == ["settings.toml", "settings.toml.version-3"]


@pytest.mark.parametrize("version", ["0", "-1", "true", '"1"', "1.0", "[]", "9" * 4000])
def test_a_version_that_is_none_is_reported_and_its_file_kept(where: Places, version: str) -> None:
    write(where, f'version = {version}\nappearance = "dark"\n')
    settings, problems = load_settings(where)
    assert settings.appearance == "dark"
    assert len(problems) == 1
    save_settings(where, settings)
    assert load_settings(where) == (settings, [])
    assert len(os.listdir(where.config)) == 2


def test_what_is_no_file_is_reported_and_put_aside(where: Places) -> None:
    path = where.config / "settings.toml"
    os.mkfifo(path)
    settings, problems = load_settings(where)
    assert settings == Settings()
    assert "this is no file" in problems[0]
    path.unlink()
    path.mkdir()
    assert load_settings(where)[0] == Settings()
    assert len(load_settings(where)[1]) == 1
    save_settings(where, Settings(appearance="dark"))
    assert load_settings(where) == (Settings(appearance="dark"), [])
    assert (where.config / "settings.toml.broken").is_dir()


def test_a_link_to_a_file_elsewhere_stays_a_link(where: Places, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "settings.toml"
    real.parent.mkdir()
    real.write_text("# mine\n", encoding="utf-8")
    path = where.config / "settings.toml"
    path.symlink_to(real)
    save_settings(where, Settings(appearance="dark"))
    assert path.is_symlink()
    assert "# mine" in real.read_text(encoding="utf-8")
    assert load_settings(where) == (Settings(appearance="dark"), [])


def test_nothing_is_written_that_could_not_be_loaded(where: Places) -> None:
    with pytest.raises(LocalMisuse, match="scale_percent is 7"):
        save_settings(where, Settings(scale_percent=7))
    assert os.listdir(where.config) == []


def test_a_folder_that_cannot_be_written_is_this_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way", encoding="utf-8")
    with pytest.raises(LocalFault) as caught:
        save_settings(places({"WORKBENCH_HOME": str(tmp_path)}), Settings())
    assert caught.value.errno_name in ("ENOTDIR", "EEXIST")
    assert "WORKBENCH_HOME" in caught.value.advice


FRAGMENTS = [
    *(
        "version = 1\n",
        "version = 2\n",
        "scale_percent = ",
        "100\n",
        '"x"\n',
        "# c\n",
        "\r\n",
        "z = [1,\n2]\n",
    ),
    *("[shortcuts]\n", "a.b = 'F1'\n", "a = 'F2'\n", "shortcuts = {a = 'F3'}\n", "shortcuts.x.y = 'F4'\n"),
    *("[[shortcuts]]\n", "[shortcuts.a]\n"),
]


@given(
    text=st.text(max_size=80) | st.lists(st.sampled_from(FRAGMENTS)).map("".join),
)
def test_whatever_the_file_holds_it_can_be_loaded_and_saved(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    where = places({"WORKBENCH_HOME": str(tmp_path_factory.mktemp("any"))})
    where.config.mkdir()
    data = text.encode("utf-8", "surrogatepass")
    write(where, data)
    settings, _ = load_settings(where)
    wanted = replace(settings, scale_percent=250, shortcuts={**settings.shortcuts, "a.b": "F12"})
    save_settings(where, wanted)
    assert load_settings(where) == (wanted, [])
    kept = [path.read_bytes() for path in where.config.iterdir()]
    if "# c" in text:
        assert any(b"# c" in each for each in kept)
