"""From nodes to places and back, for who clicks in the tree or in the source. No Qt."""

import asyncio
import time
from typing import TYPE_CHECKING

from workbench.panels.web.inspector.state import Looked, Selection

if TYPE_CHECKING:
    from workbench.formats.markup.query import Answer


def selection_of(node: int, looked: Looked, attribute: str = "") -> Selection:
    """A node, or one of its attributes, with its place."""
    from workbench.formats.markup.describe import attribute_place
    from workbench.formats.markup.reading import words_of_place

    page, marks = looked.page, looked.marks
    place = words_of_place(marks, node, looked.lines, page.tree.kind[node])
    start, stop = marks.start[node], marks.stop[node]
    path = page.tree.path_of(node) if node else "/"
    if attribute:
        start, stop = attribute_place(page.text, attribute, start, marks.inner[node])
        path = f"{path}/@{attribute}"
    return Selection(node, start, stop, place.text, path)


def node_at(looked: Looked, at: int) -> int:
    """The innermost node that stands at a character; 0, the document, where there is none."""
    tree, marks = looked.page.tree, looked.marks
    found, size, todo = 0, len(looked.page.text) + 1, [0]
    while todo:
        node = todo.pop()
        for child in tree.children_of(node):
            start, stop = marks.start[child], marks.stop[child]
            if start < 0:
                # It has no place itself; what is in it may have one.
                if tree.end[child] > child + 1:
                    todo.append(child)
            elif start <= at < stop:
                if stop - start <= size:
                    found, size = child, stop - start
                todo.append(child)
    return found


TURN_S = 0.004
"""Work on the loop gives way after so long."""


async def hit_ranges(answer: "Answer", looked: Looked) -> tuple[tuple[int, int], ...]:
    """What is marked in the source for the hits, in the order of the source: of an element its start tag.

    Other tasks get their turn meanwhile: there may be a hundred thousand.
    """
    from workbench.formats.markup.describe import attribute_place

    marks, text = looked.marks, looked.page.text
    ranges: set[tuple[int, int]] = set()
    turn_ends = time.monotonic() + TURN_S
    for hit in answer.hits:
        start, stop, inner = marks.start[hit.node], marks.stop[hit.node], marks.inner[hit.node]
        if start >= 0 and hit.attribute:
            start, stop = attribute_place(text, hit.attribute, start, inner)
        elif inner > start:
            stop = inner
        if start >= 0:
            ranges.add((start, stop))
        if time.monotonic() >= turn_ends:
            await asyncio.sleep(0)
            turn_ends = time.monotonic() + TURN_S
    return tuple(sorted(ranges))
