"""Filling the columns of a Tree, node by node, in the order of the start tags."""

from workbench.formats.markup.values import Kind, Tree


class TreeBuilder:
    """Opens, adds and closes nodes; `tree()` is the whole."""

    def __init__(self) -> None:
        self._tree = Tree()
        self._names: dict[str, int] = {}
        self._parts: list[str] = []
        self._size = 0
        self.open(Kind.DOCUMENT)

    def __len__(self) -> int:
        return len(self._tree.kind)

    @property
    def depth(self) -> int:
        """How many nodes are open, the document among them."""
        return len(self._stack)

    _stack: list[int]

    def open(self, kind: int, name: str = "", value: str = "") -> int:
        """A node inside the one that is open, which is now the open one itself; its number."""
        if kind == Kind.DOCUMENT:
            self._stack = []
        node = self.add(kind, name, value)
        self._stack.append(node)
        return node

    def add(self, kind: int, name: str = "", value: str = "") -> int:
        """A node that holds nothing, inside the one that is open; its number."""
        tree, names = self._tree, self._names
        node = len(tree.kind)
        tree.kind.append(kind)
        tree.parent.append(self._stack[-1] if self._stack else -1)
        tree.end.append(node + 1)
        number = names.get(name)
        if number is None:
            number = names[name] = len(tree.names)
            tree.names.append(name)
        tree.name.append(number)
        tree.value.append(self._size)
        if value:
            self._parts.append(value)
            self._size += len(value)
        return node

    def reopen(self, node: int) -> None:
        """What is added next stands inside this node, which was added last."""
        self._stack.append(node)

    def close(self) -> None:
        """Close the node that is open."""
        self._tree.end[self._stack.pop()] = len(self._tree.kind)

    def tree(self) -> Tree:
        """What was built; what is open is closed."""
        while self._stack:
            self.close()
        self._tree.heap = "".join(self._parts)
        self._parts = [self._tree.heap]
        return self._tree


def attribute_value(attributes: dict[str, str | None]) -> str:
    """Attributes as the heap of a Tree holds them."""
    # NUL can't stand in a name or value: both standards see to that.
    return "".join([f"{name}\0{value or ''}\0" for name, value in attributes.items()])
