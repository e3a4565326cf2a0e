"""The small widgets of the panel."""

from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton

from workbench.ui import icons, theme


def button(text: str, icon: str, tip: str, kind: str = "") -> QPushButton:
    """A button with icon and tip; kind is "primary", "danger" or ""."""
    made = QPushButton(text)
    theme.qualify(made, kind=kind)
    made.setToolTip(tip)
    icons.dress(made, icon, "on_accent" if kind == "primary" else "error" if kind == "danger" else "text")
    return made


def small_button(icon: str, name: str, tip: str) -> QToolButton:
    """A button without words."""
    made = QToolButton()
    theme.qualify(made, kind="quiet")
    icons.dress(made, icon)
    made.setAccessibleName(name)
    made.setToolTip(tip)
    return made


def field(name: str, hint: str, tip: str, width: int = 0) -> QLineEdit:
    """A line to type into; a width of 0 takes what is left."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    made.setToolTip(tip)
    if width:
        made.setFixedWidth(theme.metric(width))
    return made


def tip_with_reason(tip: str, reason: str) -> str:
    """A tip, and why it can't be done now if it can't."""
    return f"{tip}\nNot now: {reason}" if reason else tip
