"""Letters for tests: each is one idea."""

from workbench.formats.mime.values import Letter, Part

CRLF = b"\r\n"


def lines(*texts: str | bytes) -> bytes:
    """Lines with CRLF."""
    return b"".join((each if isinstance(each, bytes) else each.encode()) + CRLF for each in texts)


NESTED = lines(
    "From: Anna <anna@lab.test>",
    "To: ben@lab.test",
    "Subject: nested",
    "MIME-Version: 1.0 (made by hand)",
    'Content-Type: multipart/mixed; boundary="outer"',
    "",
    "preamble",
    "--outer",
    "Content-Type: multipart/alternative; boundary=inner",
    "",
    "--inner",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "Gr=C3=BC=C3=9Fe",
    "--inner",
    "Content-Type: text/html",
    "",
    "<b>hello</b>",
    "--inner--",
    "",
    "--outer",
    "Content-Type: message/rfc822",
    "",
    "Subject: within",
    "",
    "the inner letter",
    "--outer",
    "Content-Type: application/octet-stream",
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="zeros.bin"',
    "",
    "AAAAAAAAAAAAAAAA",
    "--outer--",
    "epilogue",
)


def tree(letter: Letter) -> str:
    """The tree in one line: mixed[plain,html]."""

    def named(part: Part) -> str:
        name = part.media_type.partition("/")[2]
        inside = ",".join(named(letter.parts[child]) for child in part.children)
        return f"{name}[{inside}]" if part.children else name

    return named(letter.root)


def codes(letter: Letter) -> list[str]:
    """The defects by their codes, in order."""
    return [defect.code for defect in letter.defects]


def bodies(letter: Letter) -> list[bytes]:
    """What the leaves hold, as it travels."""
    return [letter.body(part) for part in letter.parts if part.is_leaf]


def covered(letter: Letter) -> list[tuple[int, int]]:
    """The ranges of everything that a letter is made of, in order: header blocks, leaves, boundaries, text around."""
    ranges: list[tuple[int, int]] = []
    for part in letter.parts:
        ranges.append((part.start, part.body))
        ranges += [(each.start, each.stop) for each in part.delimiters]
        if part.is_leaf:
            # A multipart without a single part is all text; its boundary lines are counted already.
            at = part.body
            for each in part.delimiters:
                ranges.append((at, each.start))
                at = each.stop
            ranges.append((at, part.stop))
        elif part.delimiters:
            ranges.append(letter.preamble(part))
            ranges.append(
                (max(each.stop for each in part.delimiters), part.stop)
                if part.delimiters[-1].is_end
                else (0, 0)
            )
    return sorted(each for each in ranges if each[0] != each[1])
