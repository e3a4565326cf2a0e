"""A person logs in here and there in one window: no view, and no file that is written afterwards, holds a password."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.journeys.person import Person, Workbench
from workbench.transcript.export import FORMATS, export

PASSWORD = "Tide-and-Lantern-1729"
USER = "student"


def spellings() -> Iterator[bytes]:
    """The password as it could stand in a file: as typed, in the three alignments of base64, in hex."""
    plain = PASSWORD.encode()
    yield plain
    for before in range(3):
        # What all encodings with so many octets before it share.
        yield base64.b64encode(b"x" * before + plain)[4:-4] if before else base64.b64encode(plain)[:-4]
    yield plain.hex().encode()
    yield plain.hex(" ").encode()


async def log_in(person: Person, panel_id: str, target: str, fill: Any) -> Any:
    """Type user and password, set the panel to work, and wait until somebody has said no."""
    panel: Any = person.go(panel_id)
    panel.open_target(target)
    fill(panel)
    assert person.program.registry.run(f"{panel_id}.start")
    await person.shown()
    return panel


def fill_files(panel: Any) -> None:
    panel.user.setText(USER)
    panel.password.setText(PASSWORD)


def fill_web(panel: Any) -> None:
    composer = panel.pages["request"].composer
    composer.user.setText(USER)
    composer.password.setText(PASSWORD)


def fill_mail(panel: Any) -> None:
    panel.reader.bar.user.setText("anna")
    panel.reader.bar.password.setText(PASSWORD)


def fill_sql(panel: Any) -> None:
    panel.bar.set_text(f"postgresql://{USER}:{PASSWORD}@127.0.0.1:1/story")


async def test_no_file_holds_a_password_that_was_typed_somewhere(app, own_home: Path, tmp_path: Path):
    left = tmp_path / "exported"
    left.mkdir()
    said: dict[str, str] = {}
    async with Workbench(app) as person:
        for panel_id, target, fill in (
            ("files", "lab:ftp", fill_files),
            ("web", "lab:http/basic", fill_web),
            ("mail", "lab:imap", fill_mail),
            ("sql", "lab:sql", fill_sql),
        ):
            panel = await log_in(person, panel_id, target, fill)
            await person.until(lambda: not person.program.jobs())
            await person.shown()
            talk = panel.current_talk()
            for form in FORMATS:
                with (left / f"{panel_id}.{form}").open("wb") as file:
                    file.writelines(export(talk.transcript, form, explain=talk.explain))
            said[panel_id] = "\n".join(person.conversation())
            for title, make in talk.copies:
                (left / f"{panel_id}.{title}").write_text(copied(make), encoding="utf-8")
        person.program.keeper.save_now()
    assert all(said.values()), said
    # The login was said, so that there was something to be masked.
    assert b"PASS ****" in (left / "files.txt").read_bytes()
    assert b"Authorization: " in (left / "web.txt").read_bytes()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "session.json" for path in written)
    for path in written:
        data = path.read_bytes()
        for spelling in spellings():
            assert spelling not in data, path
    assert PASSWORD not in "".join(said.values())


def copied(make: Any) -> str:
    """What "Copy as" gives; "" where it says that nothing was done yet."""
    try:
        return str(make())
    except Exception as failure:  # noqa: BLE001 - whatever it says is written down and searched too
        return str(failure)
