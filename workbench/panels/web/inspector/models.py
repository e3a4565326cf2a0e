"""The Inspector's models: the tree, the hits, the problems. Nothing is made for a row that nobody looks at."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt

from workbench.formats.charset import visible
from workbench.formats.markup.query import Answer
from workbench.formats.markup.values import NOWHERE, Kind, Problem, Tree
from workbench.panels.web.inspector.state import Looked
from workbench.ui import theme
from workbench.ui.tables import NO_INDEX, Column, Index, TableModel

Role = Qt.ItemDataRole

GROUP = 500
"""Children of one node that stand directly below it; more are put into groups of so many, which open one by one."""
MAX_SHOWN = 200
"""Characters of one row."""
_NODE = (1 << 32) - 1


class TreeModel(QAbstractItemModel):
    """The nodes of a document, lazily.

    An index holds the node's number; of a group also the group's number, from 1 on, above 32 bits.
    """

    def __init__(self) -> None:
        super().__init__()
        self._looked: Looked | None = None
        self._hits: dict[int, int] = {}

    # ---- what is shown

    def show_document(self, looked: Looked | None) -> None:
        """Show another document, or the same with more places."""
        if self._looked is not None and looked is not None and looked.page is self._looked.page:
            self._looked = looked
            self.layoutChanged.emit()
            return
        self.beginResetModel()
        self._looked = looked
        self._hits = {}
        self.endResetModel()

    def show_hits(self, answer: Answer | None) -> None:
        """Mark the nodes that were found."""
        hits: dict[int, int] = {}
        for number, hit in enumerate(answer.hits if answer is not None else ()):
            hits.setdefault(hit.node, number)
        self._hits = hits
        self.layoutChanged.emit()

    def node_of(self, index: Index) -> int:
        """The node of a row; of a group's row its first."""
        if not index.isValid():
            return -1
        group = index.internalId() >> 32
        node = index.internalId() & _NODE
        return node if not group else self._children(node)[(group - 1) * self._size(node)]

    def index_of(self, node: int) -> QModelIndex:
        """The first column of a node's row."""
        tree = self._tree
        if tree is None or not 0 < node < len(tree):
            return QModelIndex()
        parent, row = tree.parent[node], tree.row_of(node)
        if self._is_grouped(parent):
            row %= self._size(parent)
        return self.createIndex(row, 0, node)

    @property
    def _tree(self) -> Tree | None:
        return self._looked.page.tree if self._looked is not None else None

    def _children(self, node: int) -> Sequence[int]:
        return self._tree.children_of(node) if self._tree is not None else ()

    def _size(self, node: int) -> int:
        """Children in a group of this node."""
        number = len(self._children(node))
        return max(GROUP, -(-number // GROUP))

    def _is_grouped(self, node: int) -> bool:
        return len(self._children(node)) > GROUP

    # ---- Qt's

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 3

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        if self._tree is None or parent.column() > 0:
            return 0
        if not parent.isValid():
            return self._rows(0)
        group, node = parent.internalId() >> 32, parent.internalId() & _NODE
        if group:
            size = self._size(node)
            return min(size, len(self._children(node)) - (group - 1) * size)
        return self._rows(node)

    def _rows(self, node: int) -> int:
        number = len(self._children(node))
        return -(-number // self._size(node)) if number > GROUP else number

    def hasChildren(self, parent: Index = NO_INDEX) -> bool:
        tree = self._tree
        if tree is None or parent.column() > 0:
            return False
        if not parent.isValid() or parent.internalId() >> 32:
            return True
        node = parent.internalId()
        return tree.end[node] > node + 1

    def index(self, row: int, column: int, parent: Index = NO_INDEX) -> QModelIndex:
        if self._tree is None or not 0 <= column < 3 or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        identity = parent.internalId() if parent.isValid() else 0
        group, node = identity >> 32, identity & _NODE
        if group:
            return self.createIndex(row, column, self._children(node)[(group - 1) * self._size(node) + row])
        if self._is_grouped(node):
            return self.createIndex(row, column, ((row + 1) << 32) | node)
        return self.createIndex(row, column, self._children(node)[row])

    def parent(self, index: Index = NO_INDEX) -> QModelIndex:  # type: ignore[override]  # Qt's second meaning
        tree = self._tree
        if tree is None or not index.isValid():
            return QModelIndex()
        group, node = index.internalId() >> 32, index.internalId() & _NODE
        if group:
            return self.index_of(node)
        above = tree.parent[node]
        if self._is_grouped(above):
            group = tree.row_of(node) // self._size(above)
            return self.createIndex(group, 0, ((group + 1) << 32) | above)
        return self.index_of(above)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return ("Node", "Hit", "Place")[section]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        looked = self._looked
        if looked is None or not index.isValid():
            return None
        group, node = index.internalId() >> 32, index.internalId() & _NODE
        column = index.column()
        if role == Role.FontRole:
            return theme.fixed_font() if column == 0 and not group else None
        if group:
            return self._group(node, group) if role == Role.DisplayRole and column == 0 else None
        if role == Role.DisplayRole:
            return self._shown(node, column)
        if role == Role.BackgroundRole:
            return theme.colour("warning", 0.25) if node in self._hits else None
        if role == Role.ForegroundRole:
            is_there = looked.marks.start[node] != NOWHERE
            quiet = not is_there or looked.page.tree.kind[node] != Kind.ELEMENT or column
            return theme.colour("muted") if quiet else None
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return f"{self._shown(node, 0)}, {self._where(node)}"
        return None

    def _group(self, node: int, group: int) -> str:
        size = self._size(node)
        first = (group - 1) * size + 1
        return f"{first:,} to {min(group * size, len(self._children(node))):,}"

    def _shown(self, node: int, column: int) -> str:
        if column == 1:
            return f"{self._hits[node] + 1:,}" if node in self._hits else ""
        if column == 2:
            return self._where(node)
        assert self._tree is not None
        return title_of(self._tree, node)

    def _where(self, node: int) -> str:
        assert self._looked is not None
        return _place_of(self._looked, node)


def title_of(tree: Tree, node: int) -> str:
    """A node in one line."""
    kind = tree.kind[node]
    if kind == Kind.ELEMENT:
        told = f"<{tree.name_of(node)}"
        for name, value in tree.attributes_of(node):
            told += f' {name}="{value[:MAX_SHOWN]}"'
            if len(told) > MAX_SHOWN:
                break
        told += ">"
        if tree.end[node] == node + 2 and tree.kind[node + 1] in (Kind.TEXT, Kind.CDATA):
            told += f" {tree.text_of(node + 1)[:MAX_SHOWN]}"
        return _line(told)
    text = tree.text_of(node)[: MAX_SHOWN + 1] if kind != Kind.CONTENT else ""
    forms = {
        Kind.TEXT: f'"{text}"' if text.strip() else f"white space ({len(tree.text_of(node)):,})",
        Kind.COMMENT: f"<!--{text}-->",
        Kind.INSTRUCTION: f"<?{tree.name_of(node)} {text}?>",
        Kind.DOCTYPE: f"<!{text}>",
        Kind.CDATA: f"<![CDATA[{text}]]>",
        Kind.ENTITY: f"&{tree.name_of(node)}; (not expanded)",
        Kind.CONTENT: "inside of the template",
        Kind.DOCUMENT: "document",
    }
    return _line(forms[Kind(kind)])


def _line(text: str) -> str:
    shown = visible(" ".join(text[: 2 * MAX_SHOWN].split()))
    return shown if len(shown) <= MAX_SHOWN else f"{shown[: MAX_SHOWN - 1]}…"


class HitsModel(TableModel):
    """What was found, row by row."""

    columns = (
        Column("#", is_number=True),
        Column("Place"),
        Column("What", is_fixed=True),
        Column("Text", is_fixed=True),
    )

    def __init__(self) -> None:
        super().__init__()
        self._answer: Answer | None = None
        self._looked: Looked | None = None

    def show_answer(self, answer: Answer | None, looked: Looked | None) -> None:
        """Show what another search found."""
        if answer is self._answer and answer is not None and self._looked is not None and looked is not None:
            self._looked = looked
            self.touch()
            return
        self.beginResetModel()
        self._answer, self._looked = answer, looked
        self.rows = range(len(answer.hits)) if answer is not None and looked is not None else ()
        self.endResetModel()

    def cell(self, row: int, column: int) -> str:
        assert self._answer is not None
        assert self._looked is not None
        hit, tree = self._answer.hits[row], self._looked.page.tree
        if column == 0:
            return f"{row + 1:,}"
        if column == 1:
            return _place_of(self._looked, hit.node)
        if column == 2:
            return f"@{hit.attribute}" if hit.attribute else title_of(tree, hit.node)
        return _line(hit.value or tree.text_inside(hit.node, MAX_SHOWN))


class ProblemsModel(TableModel):
    """What is wrong in the document."""

    columns = (Column("Place"), Column("Name"), Column("What is wrong"), Column("What the parser did"))

    def __init__(self) -> None:
        super().__init__()
        self._looked: Looked | None = None

    def show_document(self, looked: Looked | None) -> None:
        """Show another document's."""
        is_other, self._looked = looked is not self._looked, looked
        self.show_anew(looked.problems if looked is not None else ())
        if is_other:
            self.touch()

    def cell(self, row: Problem, column: int) -> str:
        assert self._looked is not None
        place = str(self._looked.lines.place(row.start)) if column == 0 else ""
        return visible((place, row.code, row.sentence, row.did)[column])

    def colour(self, row: Problem, column: int) -> str:
        if column != 1:
            return ""
        return "error" if row.level == "error" else "muted"


def _place_of(looked: Looked, node: int) -> str:
    start = looked.marks.start[node]
    if start >= 0:
        return str(looked.lines.place(start))
    return "not in the source" if start == NOWHERE else "…"
