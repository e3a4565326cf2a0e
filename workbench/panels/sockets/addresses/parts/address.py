"""The sheet of one address."""

from PySide6.QtCore import Signal

from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.ui.tables import Column

EXAMPLES = ("2001:db8::1", "0:0::1", "127.1", "0x7f000001", "::ffff:192.0.2.1", "fe80::1%lo", "10.1.2.3/8")


class AddressSheet(SheetView):
    """One address taken apart.

    Signals:
        example_asked: put another example into the field.
    """

    example_asked = Signal()

    def __init__(self) -> None:
        super().__init__(
            "address",
            (
                Column("Part", width=210),
                Column("Value", width=400, is_fixed=True),
                Column("Meaning", width=200),
            ),
            "Parts of the address",
            "No address was looked at yet.",
            ("What an address is and what is hidden in it will stand here.", "Look at 0x7f000001"),
        )
        self.address = self.add_field(
            "Address", "192.0.2.1, 2001:db8::1, 10.0.0.0/8", "Any notation, with /PREFIX and %ZONE (Ctrl+L)"
        )
        self.look_button = self.add_button("Look at it", "search", "Take it apart (Enter, F5)", "primary")
        self.example_button = self.add_button(
            "Example", "play", "Another example, each with something to see"
        )
        self.look_button.clicked.connect(self.asked)
        self.example_button.clicked.connect(self.example_asked)
        self._example = -1

    def next_example(self) -> str:
        """Put it into the field."""
        self._example = (self._example + 1) % len(EXAMPLES)
        self.address.setText(EXAMPLES[self._example])
        return EXAMPLES[self._example]
