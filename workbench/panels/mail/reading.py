"""A letter on the table: taken apart, looked at, one of its parts decoded for the view; in slices. No Qt."""

from workbench.formats.charset import visible
from workbench.formats.mime.charsets import read_text
from workbench.formats.mime.contents import Examined, examining, header_text, pieces_of
from workbench.formats.mime.files import save_in
from workbench.formats.mime.html_draw import drawing
from workbench.formats.mime.names import SafeName, safe_name
from workbench.formats.mime.parse import parsing
from workbench.formats.mime.values import Letter, Part, Pausing
from workbench.formats.quantity import count
from workbench.jobs.offload import in_process, in_thread
from workbench.panels.mail.slices import in_slices
from workbench.panels.mail.state import Content, Handed

MAX_SHOWN = 512 * 1024
"""Octets of a text that are drawn; a view of more is no help, and Save has all."""
MAX_DRAWN_HERE = 100_000
"""Characters of HTML that are drawn here in slices; more goes to a process of its own."""
MAX_HANDED = 64 * 1024 * 1024
WEB_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/xml", "application/xml"})
CERTIFICATE_TYPES = frozenset(
    {
        *("application/pkix-cert", "application/x-x509-ca-cert", "application/x-x509-user-cert"),
        *("application/x-pem-file", "application/pkcs7-mime", "application/x-pkcs7-certificates"),
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    }
)
CERTIFICATE_ENDINGS = (".pem", ".crt", ".cer", ".der", ".p7b", ".p7c")


async def take_apart(data: bytes) -> Examined:
    """The letter with all that is in it."""
    return await in_slices(examining(await in_slices(parsing(data))))


def first_choice(letter: Letter) -> int:
    """The part that a reader wants to see first: the first text that is no attachment, plain before HTML."""
    texts = [
        part for part in letter.parts if part.is_leaf and part.is_text and part.disposition != "attachment"
    ]
    plain = [part for part in texts if part.media_type == "text/plain"]
    return (plain or texts or [letter.root])[0].place


async def content_of_part(letter: Letter, part: Part, charset: str = "") -> Content:
    """What the view shows of a part. charset: read its text as this one, whatever the letter says."""
    if not part.is_leaf or not part.is_text:
        return Content(part.place)
    data, is_cut = await in_slices(_gathered(letter, part))
    read = read_text(data, charset or part.charset)
    text = read.text.replace("\r\n", "\n")
    if part.media_type != "text/html":
        return Content(part.place, text, read.charset, is_cut)
    pictures = [each.content_id for each in letter.parts if each.content_id]
    if len(text) <= MAX_DRAWN_HERE:
        drawn = await in_slices(drawing(text, pictures))
    else:
        from workbench.formats.mime.html_draw import draw

        drawn = await in_process(draw, text, pictures)
    return Content(part.place, text, read.charset, is_cut, drawn)


def _gathered(letter: Letter, part: Part) -> Pausing[tuple[bytes, bool]]:
    """The first MAX_SHOWN octets, and whether there are more."""
    data = bytearray()
    for piece in pieces_of(letter, part):
        data += piece
        if len(data) > MAX_SHOWN:
            return bytes(data[:MAX_SHOWN]), True
        yield
    return bytes(data), False


def picture(letter: Letter, content_id: str, at_most: int) -> bytes:
    """A picture of the letter itself by its Content-ID; b"" where there is none, or it is too large."""
    part = next((each for each in letter.parts if each.content_id == content_id and each.is_leaf), None)
    if part is None or part.size > at_most:
        return b""
    return b"".join(pieces_of(letter, part))


def name_of(part: Part) -> SafeName:
    """The name that a file of this part gets."""
    return safe_name(part.filename, part.media_type, part.place + 1)


async def save_part(letter: Letter, part: Part, folder: str) -> tuple[str, int]:
    """Save a part's content into a folder under a safe name. Returns path and octets. Raises: as files.save_in."""
    return await in_thread(save_in, folder, name_of(part).name, pieces_of(letter, part))


def whither(part: Part) -> str:
    """The panel that can show a part: "web", "certificates", "mail" for a letter in the letter; "" for none."""
    name = part.filename.lower()
    if part.media_type in WEB_TYPES or name.endswith((".html", ".htm", ".xml")):
        return "web"
    if part.media_type in CERTIFICATE_TYPES or name.endswith(CERTIFICATE_ENDINGS):
        return "certificates"
    if part.is_message or name.endswith(".eml"):
        return "mail"
    return ""


async def document_of(letter: Letter, part: Part, origin: str) -> Handed:
    """A part as another panel takes it."""
    data = await in_slices(_whole(letter, part))
    charset = f"; charset={part.charset}" if part.charset and part.charset.isprintable() else ""
    return Handed(name_of(part).name, f"{part.media_type}{charset}", data, origin)


def _whole(letter: Letter, part: Part) -> Pausing[bytes]:
    pieces: list[bytes] = []
    for piece in pieces_of(letter, part):
        pieces.append(piece)
        yield
    return b"".join(pieces)


def about(examined: Examined, origin: str) -> str:
    """A letter in one sentence."""
    letter = examined.letter
    found = {header.key: header_text(letter, header) for header in reversed(letter.root.headers)}
    subject, sender = (visible(found.get(key, "")[:120]) for key in ("subject", "from"))
    told = f"“{subject}” from {sender}" if sender else f"“{subject}”" if subject else visible(origin)
    wrong = f", {count(examined.defect_count, 'defect')}" if examined.defect_count else ""
    return f"{told}: {count(len(letter.parts), 'part')}{wrong}"
