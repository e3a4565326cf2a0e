"""The sheet of interfaces, with the calculator: local or routed, bit by bit."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QLabel

from workbench.formats.subnet import Comparison
from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.ui import theme
from workbench.ui.tables import Column


class InterfacesSheet(SheetView):
    """This machine's interfaces; is a target on one of their links?

    Signals:
        list_asked: read the interfaces.
    """

    list_asked = Signal()

    def __init__(self) -> None:
        super().__init__(
            "interfaces",
            (
                Column("Interface", width=110, is_fixed=True),
                Column("Address", width=300, is_fixed=True),
                Column("Flags", width=300),
                Column("MTU", width=80, is_number=True, tip="The largest packet in octets"),
                Column("Hardware address", width=160, is_fixed=True),
            ),
            "Interfaces and addresses",
            "Neither interfaces nor a way were asked for yet.",
            ("This machine's interfaces will stand here; nothing is sent to find them.", "List them"),
        )
        self.own = self.add_field(
            "Own address", "192.168.1.10/24", "An address with its prefix; choose one below (Ctrl+L)", 230
        )
        self.target = self.add_field("Target", "192.168.2.1", "Where a packet is to go")
        self.judge_button = self.add_button(
            "Local or routed?", "compare", "Compare both as far as the prefix goes (Enter, F5)", "primary"
        )
        self.list_button = self.add_button("Interfaces", "reload", "List this machine's interfaces")
        self.bits = QLabel()
        self.bits.setTextFormat(Qt.TextFormat.RichText)
        self.bits.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.bits.setAccessibleName("Both addresses in bits")
        self.bits.hide()
        self.middle.addWidget(self.bits)
        self.judge_button.clicked.connect(self.asked)
        self.list_button.clicked.connect(self.list_asked)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Both addresses in bits: the prefix stands before a bar, the first bit that differs has a caret below."""
        self.bits.setVisible(comparison is not None)
        if comparison is None:
            return
        marked = comparison.marked
        accent, muted = theme.colour("accent").name(), theme.colour("muted").name()
        rows = []
        for name, bits in (
            (f"{comparison.own}/{comparison.prefix}", comparison.own_bits),
            (comparison.target, comparison.target_bits),
        ):
            head, rest = bits[:marked], bits[marked:]
            rows.append(
                f'<span style="color:{accent}"><b>{head}</b></span>┃<span style="color:{muted}">{rest}</span>'
                f"&nbsp;&nbsp;{name}"
            )
        caret = caret_under(comparison)
        rows.append(caret.replace(" ", "&nbsp;"))
        self.bits.setFont(theme.fixed_font())
        self.bits.setText("<br>".join(rows))
        self.bits.setAccessibleDescription(
            f"{comparison.own_bits}, {comparison.target_bits}, prefix {comparison.prefix}: {comparison.sentence}"
        )

    def _on_row_chosen(self, row: QModelIndex) -> None:
        if row.isValid() and "/" in (own := self.model.rows[row.row()].cells[1]):
            self.own.setText(own)


def caret_under(comparison: Comparison) -> str:
    """A line that points at the first bit that differs; "" where none does."""
    differs = [
        at
        for at, (a, b) in enumerate(zip(comparison.own_bits, comparison.target_bits, strict=True))
        if a != b
    ]
    if not differs:
        return "equal in every bit"
    # The bar before the rest takes a place of its own.
    at = differs[0] + (1 if differs[0] >= comparison.marked else 0)
    return " " * at + "▲ " + ("within the prefix" if not comparison.is_direct else "behind the prefix")
