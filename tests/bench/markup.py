"""A page of 2.4 MB in the Inspector: tree, hits, places of what is on screen and of all; lxml and xmllint beside."""

import shutil
import time

from tests.bench.beats import beats
from tests.bench.children import Children
from tests.bench.figures import Budget, Figure, median
from tests.formats.markup.samples import table_page

NAME = "markup"
ROWS = 20_000
RUNS = 3
SOON = Budget(0.5)
ALL = Budget(4)
CLIENT = "tests.bench.markup_client"


def measure(children: Children) -> list[Figure]:
    """Ours as the real window shows it, from the hand-over of the octets on; the peers without any window."""
    page = table_page(ROWS).encode()
    path = children.folder / "page.html"
    path.write_bytes(page)
    told = children.document(CLIENT, str(path), str(RUNS), QT_QPA_PLATFORM="offscreen")
    path.unlink()
    took = {name: median([run[name] for run in told["took"]]) for name in told["took"][0]}
    parse, xpath = _lxml(page)
    tool = shutil.which("xmllint")
    size = f"{len(page) / 1e6:.1f} MB"
    figures = [
        Figure(
            NAME,
            f"HTML of {size}: tree on screen",
            took["tree"],
            "s",
            SOON,
            False,
            "lxml.html, parsed",
            parse,
        ),
        Figure(NAME, "its first nodes with their places, painted", took["shown"], "s", SOON),
        Figure(NAME, f"CSS a[href], {int(took['hits']):,} hits listed", took["css"], "s", SOON),
        Figure(NAME, "XPath //a/@href, the first search", took["xpath_first"], "s"),
        Figure(NAME, "XPath //a/@href, the next", took["xpath"], "s", SOON, False, "lxml.html", xpath),
        Figure(
            NAME, "places of all nodes, and all mistakes", took["marked"], "s", ALL, note="in the background"
        ),
    ]
    if tool is not None:
        path.write_bytes(page)
        command = [tool, "--html", "--noout", "--xpath", "count(//a/@href)", str(path)]
        theirs = median([children.seconds(command) for _ in range(RUNS)])
        path.unlink()
        figures[0] = figures[0]._replace(peer="xmllint --html, parsed and searched", theirs=theirs)
    return [*figures, *beats(NAME, "the page opened, marked, searched", told["gaps_ms"])]


def _lxml(page: bytes) -> tuple[float, float]:
    """Seconds of libxml2's own HTML reader, which is not the standard's, and of its XPath."""
    from lxml import html

    parse, search = [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        tree = html.document_fromstring(page)
        parse.append(time.perf_counter() - began)
        began = time.perf_counter()
        tree.xpath("//a/@href")
        search.append(time.perf_counter() - began)
    return median(parse), median(search)
