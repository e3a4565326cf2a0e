"""Carrying out the verbs of verbs_letters.py. As in steps.py."""

from datetime import UTC, datetime

from workbench.experiments.stage import Carry, Done, Stage
from workbench.experiments.things_letters import LetterParsed
from workbench.experiments.values import Given

WRITTEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
TOKEN = "experiment"


async def _read(stage: Stage, given: Given, _name: str) -> Done:
    data = given["raw"]
    assert isinstance(data, bytes)
    return _parsed(data)


async def _write(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.formats.mime.compose import Attachment, Draft, Stamp, build

    def told(name: str) -> str:
        data = given.get(name, b"")
        assert isinstance(data, bytes)
        return data.decode()

    files = (Attachment(told("file"), "text/plain", b"a file\n"),) if "file" in given else ()
    draft = Draft(
        "anna@lab.test", "ben@lab.test", subject=told("subject"), text=told("text"), html=told("html")
    )
    return _parsed(build(draft._replace(attachments=files), Stamp(WRITTEN, TOKEN)).data)


def _parsed(data: bytes) -> Done:
    # The engine is loaded for the cards that need it alone.
    from workbench.formats.mime.contents import examining, header_text, text_of
    from workbench.formats.mime.html_draw import draw
    from workbench.formats.mime.names import safe_name
    from workbench.formats.mime.parse import parse
    from workbench.formats.mime.values import through

    examined = through(examining(parse(data)))
    letter = examined.letter
    leaves = [part for part in letter.parts if part.is_leaf]
    texts = [text_of(letter, part) for part in leaves if part.is_text]
    pages = [draw(text_of(letter, part).text) for part in leaves if part.media_type == "text/html"]
    named = next((part for part in letter.parts if part.filename), None)
    subject = letter.find(letter.root, "subject")
    seen = LetterParsed(
        parts=len(letter.parts),
        leaves=len(leaves),
        types=", ".join(part.media_type for part in letter.parts),
        fields=", ".join(header.name for header in letter.root.headers),
        subject=header_text(letter, subject) if subject is not None else "",
        text=texts[0].text if texts else "",
        charset=texts[0].charset if texts else "",
        defects=", ".join(sorted({defect.code for defect in examined.defects})),
        filename=named.filename if named is not None else "",
        safe_name=safe_name(named.filename, named.media_type, 1).name if named is not None else "",
        left_out=", ".join(sorted({each.kind for page in pages for each in page.left_out})),
    )
    return Done(seen, f"{seen.parts} parts: {seen.types}")


CARRY_LETTERS: dict[str, Carry] = {"letter-read": _read, "letter-write": _write}
