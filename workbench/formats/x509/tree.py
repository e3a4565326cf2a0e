"""Any ASN.1 as fields: what stands for whatever nobody decodes."""

from workbench.formats import asn1
from workbench.formats.asn1 import Node
from workbench.formats.asn1_text import type_name, value_text
from workbench.formats.x509.values import Field

MAX_FIELDS = 5_000
"""Of one tree on a screen; the octets beside it are all there."""


def tree_field(data: bytes, node: Node, *, name: str = "") -> Field:
    """A node and everything below it as fields: the type is the name, the value the text."""
    return _Tree(data).field(node, name)


class _Tree:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MAX_FIELDS

    def field(self, node: Node, name: str = "") -> Field:
        self._left -= 1
        title = name or type_name(node)
        inside: list[Field] = []
        for child in node.children:
            if self._left <= 0:
                inside.append(Field("…", f"more than {MAX_FIELDS:,} values", child.start, node.stop))
                break
            inside.append(self.field(child))
        text = "holds" if node.is_opened else value_text(self._data, node)
        source = "X.690" if node.kind == asn1.UNIVERSAL else ""
        return Field(title, text, node.start, node.stop, source, "", node.fault, tuple(inside))
