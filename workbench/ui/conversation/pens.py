"""The colours of one paint, looked up once each."""

from PySide6.QtGui import QColor, QPen

from workbench.ui import theme


class Pens:
    """Pens and colours by the name of their token."""

    def __init__(self) -> None:
        self._pens: dict[str, QPen] = {}

    def pen(self, role: str) -> QPen:
        """A pen one pixel wide."""
        found = self._pens.get(role)
        if found is None:
            found = self._pens[role] = QPen(theme.colour(role))
        return found

    def colour(self, role: str) -> QColor:
        """The same as a colour."""
        return self.pen(role).color()
