"""What is looked for in all of a letter's octets: line ends, lines that are too long, NUL."""

from workbench.formats.mime.defects import Report
from workbench.formats.mime.values import Pausing

MAX_LINE = 998
"""Octets of a line without its end, RFC 5322 section 2.1.1."""
SLICE = 2 * 1024 * 1024


def look_over(data: bytes, body: int, report: Report) -> Pausing[None]:
    """Name NULs and the first line that is too long.

    Args:
        body: where the letter's headers end.
    """
    size = len(data)
    nuls = 0
    first = -1
    for at in range(0, size, SLICE):
        stop = min(size, at + SLICE)
        nuls += data.count(b"\0", at, stop)
        if nuls and first < 0:
            first = data.find(b"\0", at, stop)
        yield
    if nuls:
        where = "the header block" if first < body else "the body"
        report("nul", first, first + 1, f"NUL stands in {where}; there are {nuls:,} of them")
    yield from _long_line(data, report)


def _long_line(data: bytes, report: Report) -> Pausing[None]:
    """From line end to line end by leaps: a line is too long where a leap finds none."""
    size = len(data)
    at = 0
    leaps = 0
    while size - at > MAX_LINE:
        found = data.rfind(b"\n", at, at + MAX_LINE + 1)
        if found < 0 and data[at + MAX_LINE : at + MAX_LINE + 2] == b"\r\n":
            found = at + MAX_LINE + 1
        if found < 0:
            end = data.find(b"\n", at)
            stop = end if end >= 0 else size
            what = f"a line has {stop - at:,} octets, more than {MAX_LINE}"
            report("long-line", at, stop, what)
            return
        at = found + 1
        leaps += 1
        if leaps % 5000 == 0:
            yield


def line_ends(data: bytes, report: Report) -> Pausing[str]:
    """Which line ends most lines have; a CR alone is a defect, since some take it for an end and some don't."""
    crlf = lf = cr = 0
    for at in range(0, len(data), SLICE):
        stop = min(len(data), at + SLICE)
        lf += data.count(b"\n", at, stop)
        cr += data.count(b"\r", at, stop)
        # One octet further, so that a pair across two slices counts once.
        crlf += data.count(b"\r\n", at, stop + 1)
        yield
    if cr > crlf:
        first = _bare_cr(data)
        report("bare-cr", first, first + 1, f"CR stands alone; there are {cr - crlf:,} of them")
    if crlf and lf > crlf:
        first = _bare_lf(data)
        what = f"{lf - crlf:,} lines end by LF alone, {crlf:,} by CRLF"
        report("mixed-line-ends", first, first + 1, what)
    return "" if not lf else "crlf" if crlf * 2 >= lf else "lf"


def _bare_cr(data: bytes) -> int:
    at = data.find(b"\r")
    while at >= 0 and data[at + 1 : at + 2] == b"\n":
        at = data.find(b"\r", at + 2)
    return max(at, 0)


def _bare_lf(data: bytes) -> int:
    at = data.find(b"\n")
    while at > 0 and data[at - 1] == 13:
        at = data.find(b"\n", at + 1)
    return max(at, 0)
