"""The letter that is being written, as the session keeps it: texts and the paths of its files. No Qt."""

from collections.abc import Mapping

from workbench.panels.drafts import line_of
from workbench.panels.mail.state import AttachedFile, ComposerState

LINES = ("sender", "to", "cc", "bcc", "subject")
TEXTS = ("text", "html")
EMPTY_TEXTS = dict.fromkeys((*LINES, *TEXTS), "")
MAX_LINE = 100_000
MAX_TEXT = 1_000_000
MAX_FILES = 100
MAX_SIZE = 2**40


def draft_of(state: ComposerState) -> dict[str, object]:
    """As JSON holds it."""
    kept: dict[str, object] = {name: getattr(state.draft, name) for name in (*LINES, *TEXTS)}
    kept["files"] = [list(file) for file in state.files]
    return kept


def texts_of(kept: Mapping[str, object]) -> dict[str, str]:
    """The texts of a draft; what is none is left out."""
    found: dict[str, str] = {}
    for name in LINES:
        value = kept.get(name)
        if isinstance(value, str):
            found[name] = line_of(value, MAX_LINE)
    for name in TEXTS:
        value = kept.get(name)
        if isinstance(value, str):
            found[name] = value[:MAX_TEXT]
    return found


def files_of(kept: Mapping[str, object]) -> tuple[AttachedFile, ...]:
    """The attached files of a draft; what is none is left out."""
    files = kept.get("files")
    found: list[AttachedFile] = []
    for each in files[:MAX_FILES] if isinstance(files, list) else ():
        if not isinstance(each, list) or len(each) != 4:
            continue
        path, name, media_type, size = each
        are_lines = all(isinstance(text, str) and text.isprintable() for text in (path, name, media_type))
        if are_lines and type(size) is int and 0 <= size < MAX_SIZE:
            found.append(AttachedFile(path, name, media_type, size))
    return tuple(found)
