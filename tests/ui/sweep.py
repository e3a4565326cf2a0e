"""Looks through real widgets for what no one may ship: controls without a name, and words that are cut off.

    assert sweep.unnamed(window) == []
    assert sweep.clipped(window) == []

The window must be shown (offscreen will do); each finding is a line that names the widget.
"""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QMenuBar,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QStyle,
    QStyleOptionButton,
    QTabBar,
    QToolButton,
    QWidget,
)

from workbench.ui.pieces import NOT_NOW


def unnamed(root: QWidget) -> list[str]:
    """Controls that take the focus or a click, are to be seen, and have nothing a screen reader could say."""
    return [describe(widget) for widget in _visible(root) if _is_control(widget) and not _name(widget)]


def clipped(root: QWidget) -> list[str]:
    """Labels, buttons, boxes and tabs whose words need more room than they have."""
    for _ in range(3):  # a layout may ask its neighbours to be laid out again
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    found = []
    for widget in _visible(root):
        needed = _needed_width(widget)
        given = _given_width(widget)
        if needed > given:
            found.append(f"{describe(widget)}: needs {needed}, has {given}")
        if _is_cut_by_parent(widget):
            found.append(f"{describe(widget)}: reaches beyond its parent")
        if isinstance(widget, QLabel) and widget.text() and widget.height() < _needed_height(widget):
            found.append(
                f"{describe(widget)}: needs {_needed_height(widget)} in height, has {widget.height()}"
            )
    return found


def without_tip(root: QWidget) -> list[str]:
    """Buttons that show only an icon and have no tooltip."""
    return [
        describe(widget)
        for widget in _visible(root)
        if isinstance(widget, QAbstractButton)
        and not widget.icon().isNull()
        and not widget.text()
        and not widget.toolTip()
    ]


def unexplained(root: QWidget) -> list[str]:
    """Controls that can't be used now and whose tip, or the tip of what holds them, does not say why."""
    return [
        describe(widget)
        for widget in _visible(root)
        if _is_control(widget) and not widget.isEnabled() and not _tells_why(widget, root)
    ]


def _tells_why(widget: QWidget, root: QWidget) -> bool:
    at: QWidget | None = widget
    while at is not None and at is not root.parentWidget():
        if NOT_NOW in at.toolTip():
            return True
        at = at.parentWidget()
    return False


def primaries(root: QWidget) -> list[str]:
    """The buttons that say "this is what one does here" and can be used: one in a view."""
    return [
        describe(widget)
        for widget in _visible(root)
        if isinstance(widget, QPushButton) and widget.property("kind") == "primary" and widget.isEnabled()
    ]


def focus_order(root: QWidget) -> list[QWidget]:
    """The widgets that Tab visits, from the root once around, as they are at present."""
    found = []
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root:
        tabbed = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        if tabbed and widget.isVisible() and widget.isEnabled() and root.isAncestorOf(widget):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def describe(widget: QWidget) -> str:
    """A widget in words: class, name or text, and where it sits."""
    words = widget.objectName() or _text(widget) or widget.accessibleName()
    parents = []
    parent = widget.parentWidget()
    while parent is not None and len(parents) < 3:
        parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} {words!r} in {' in '.join(parents)}"


def _visible(root: QWidget) -> Iterator[QWidget]:
    for widget in [root, *root.findChildren(QWidget)]:
        if widget.isVisibleTo(root) and not widget.size().isEmpty():
            yield widget


def _is_control(widget: QWidget) -> bool:
    if isinstance(widget, (QScrollBar, QMenuBar)) or widget.focusProxy() is not None:
        return False
    takes_focus = bool(widget.focusPolicy() & (Qt.FocusPolicy.TabFocus | Qt.FocusPolicy.ClickFocus))
    return takes_focus or isinstance(widget, QAbstractButton)


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    said = interface.text(QAccessible.Text.Name) if interface is not None else ""
    if said or widget.accessibleName():
        return said or widget.accessibleName()
    holder = widget.parentWidget()
    if isinstance(widget, QToolButton) and isinstance(holder, QTabBar) and not widget.icon():
        return "scrolls the tabs"
    # The field and the list of a box, the field of a spin box: named by what they are parts of.
    while holder is not None:
        if isinstance(holder, (QComboBox, QAbstractSpinBox, QKeySequenceEdit)):
            return holder.accessibleName()
        holder = holder.parentWidget()
    return ""


def _text(widget: QWidget) -> str:
    if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
        return widget.text()
    return widget.currentText() if isinstance(widget, QComboBox) else ""


def _needed_width(widget: QWidget) -> int:
    if isinstance(widget, QLabel):
        if widget.wordWrap() or not widget.pixmap().isNull() or widget.textFormat() == Qt.TextFormat.RichText:
            return 0
        lines = widget.text().split("\n")
        return max(widget.fontMetrics().horizontalAdvance(line) for line in lines)
    if isinstance(widget, (QPushButton, QCheckBox, QRadioButton, QToolButton)):
        return _words_of_button(widget)
    if isinstance(widget, QComboBox):
        return widget.fontMetrics().horizontalAdvance(widget.currentText()) if not widget.isEditable() else 0
    if isinstance(widget, QTabBar):
        return widget.sizeHint().width() if not widget.usesScrollButtons() else 0
    return 0


def _words_of_button(button: QAbstractButton) -> int:
    text = button.text().replace("&", "")
    if not text or (isinstance(button, QToolButton) and button.toolButtonStyle() == _ICON_ONLY):
        return 0
    metrics: QFontMetrics = button.fontMetrics()
    icon = 0 if button.icon().isNull() else button.iconSize().width() + 4
    return metrics.horizontalAdvance(text) + icon


def _given_width(widget: QWidget) -> int:
    if isinstance(widget, QLabel):
        return widget.contentsRect().width() - 2 * max(0, widget.margin())
    if isinstance(widget, QPushButton):
        option = QStyleOptionButton()
        widget.initStyleOption(option)
        inside: QRect = widget.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, widget)
        return inside.width()
    return widget.width()


def _needed_height(label: QLabel) -> int:
    if not label.pixmap().isNull():
        return 0
    width = max(1, label.contentsRect().width())
    return label.heightForWidth(width) if label.wordWrap() else label.fontMetrics().height()


def _is_cut_by_parent(widget: QWidget) -> bool:
    """Whether words reach beyond the edge of what holds them; inside a scroll area one may scroll."""
    parent = widget.parentWidget()
    if parent is None or widget.isWindow() or not _text(widget):
        return False
    if isinstance(parent, QAbstractScrollArea) or isinstance(parent.parentWidget(), QAbstractScrollArea):
        return False
    if isinstance(parent, (QComboBox, QTabBar)):
        return False
    return not parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry())


_ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly
