"""The style sheet, written from tokens and font metrics; no colour and no pixel stands in it by hand.

What Fusion draws well from the palette alone (check boxes, menus' marks, tree branches) is left to it: each rule here
costs time when a widget is dressed.
"""

from collections.abc import Callable

from PySide6.QtGui import QFont

from workbench.ui.tokens import Tokens

Metric = Callable[[float], int]
"""Turns a length at scale 1 into pixels of the present font."""


def style_sheet(tokens: Tokens, metric: Metric, fixed: QFont, image: Callable[[str], str]) -> str:
    """The sheet for the application.

    Args:
        metric: lengths at scale 1 to pixels.
        fixed: the fixed-width font for what carries the property fixed=true.
        image: gives the path of a resource by name.
    """

    def picture(name: str) -> str:
        return f'url("{image(f"themes/{tokens.name}/{name}.svg")}")'

    parts = (
        _frame(tokens, metric),
        _tabs(tokens, metric, picture),
        _buttons(tokens, metric, picture),
        _fields(tokens, metric, picture),
        _panes(tokens, metric, picture),
        _words(tokens, metric, fixed),
        _scroll_bars(tokens, metric),
        _pop_ups(tokens, metric, picture),
    )
    return "\n".join(parts)


def _frame(t: Tokens, m: Metric) -> str:
    return f"""
QMainWindow, QDialog {{ background: {t.window}; }}
QMainWindow::separator {{ background: {t.window}; width: {m(6)}px; height: {m(6)}px; }}
QMainWindow::separator:hover {{ background: {t.chip}; }}
QSplitter::handle {{ background: {t.window}; }}
QSplitter::handle:hover {{ background: {t.chip}; }}
QSplitter::handle:horizontal {{ width: {m(8)}px; }}
QSplitter::handle:vertical {{ height: {m(8)}px; }}
QStatusBar {{ background: {t.window}; border-top: 1px solid {t.border}; }}
QStatusBar::item {{ border: none; }}
QMenuBar {{ background: {t.window}; padding: {m(2)}px {m(6)}px; }}
QMenuBar::item {{ background: transparent; color: {t.muted}; padding: {m(3)}px {m(8)}px; border-radius: {m(5)}px; }}
QMenuBar::item:selected {{ background: {t.chip}; color: {t.text}; }}
QMenuBar::item:pressed {{ background: {t.selection}; color: {t.text}; }}
"""


def _tabs(t: Tokens, m: Metric, picture: Callable[[str], str]) -> str:
    # An inner bar (sessions of a panel) is the same, one step quieter: a thinner line and less room.
    return f"""
QTabWidget::pane {{ border: none; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
QTabBar::tab {{
    background: transparent; color: {t.muted}; border: none; border-bottom: {m(2)}px solid transparent;
    padding: {m(5)}px {m(10)}px {m(4)}px {m(10)}px; margin: 0 {m(2)}px 0 0;
}}
QTabBar#main_tabs::tab {{ min-height: {m(16)}px; padding: {m(6)}px {m(14)}px {m(5)}px {m(14)}px; margin: 0; }}
QTabBar::tab:hover {{ color: {t.text}; border-bottom-color: {t.border}; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
QTabBar::tab:selected:focus {{ background: {t.chip}; }}
QTabBar::close-button {{ image: {picture("close")}; width: {m(12)}px; height: {m(12)}px; subcontrol-position: right; }}
QTabBar::close-button:hover {{ background: {t.chip}; border-radius: {m(3)}px; }}
QTabBar QToolButton, QTabBar QToolButton[kind="quiet"] {{
    background: {t.window}; border: none; padding: 1px; min-height: 0;
}}
QTabBar QToolButton[kind="quiet"]:hover {{ background: {t.chip}; }}
QTabBar::scroller {{ width: {m(28)}px; }}
"""


def _buttons(t: Tokens, m: Metric, picture: Callable[[str], str]) -> str:
    return f"""
QPushButton, QToolButton {{
    background: {t.base}; color: {t.text}; border: 1px solid {t.border}; border-radius: {m(5)}px;
    padding: {m(3)}px {m(12)}px; min-height: {m(18)}px;
}}
QToolButton {{ padding: {m(3)}px {m(6)}px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {t.strong_border}; background: {t.alternate}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {{ background: {t.selection}; }}
QPushButton:focus, QToolButton:focus {{ border-color: {t.accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.faint}; background: {t.window}; }}
QPushButton[kind="primary"] {{
    background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; font-weight: bold;
}}
QPushButton[kind="primary"]:hover {{ background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: {m(2)}px solid {t.text}; padding: {m(2)}px {m(11)}px; }}
QPushButton[kind="primary"]:disabled {{ background: {t.chip}; color: {t.muted}; border-color: {t.chip}; }}
QPushButton[kind="danger"] {{ color: {t.error}; border-color: {t.error}; }}
QPushButton[kind="danger"]:hover {{ background: {t.tint("error")}; }}
QPushButton[kind="danger"]:disabled {{ color: {t.faint}; border-color: {t.border}; }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{ background: transparent; border-color: transparent; }}
QPushButton[kind="quiet"] {{ padding: {m(3)}px {m(8)}px; }}
QToolButton[kind="quiet"] {{ padding: {m(2)}px {m(4)}px; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {t.chip}; }}
QPushButton[kind="quiet"]:pressed, QToolButton[kind="quiet"]:pressed,
QToolButton[kind="quiet"]:checked {{ background: {t.selection}; }}
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus {{ border-color: {t.accent}; }}
QPushButton[kind="quiet"]:disabled, QToolButton[kind="quiet"]:disabled {{ background: transparent; }}
QStatusBar QPushButton, QStatusBar QToolButton {{ padding: 0 {m(6)}px; min-height: {m(16)}px; }}
QPushButton::menu-indicator, QToolButton::menu-indicator {{
    image: {picture("chevron-down")}; width: {m(12)}px; height: {m(12)}px;
    subcontrol-origin: padding; subcontrol-position: center right; right: {m(6)}px;
}}
QPushButton[menu="true"], QToolButton[popupMode="2"] {{ padding-right: {m(22)}px; }}
"""


def _fields(t: Tokens, m: Metric, picture: Callable[[str], str]) -> str:
    # Numbers stand at the right, beside their unit; also because Qt gives a spin box no padding at the left.
    return f"""
QLineEdit, QComboBox, QAbstractSpinBox {{
    background: {t.base}; color: {t.text}; border: 1px solid {t.border}; border-radius: {m(5)}px;
    padding: {m(3)}px {m(8)}px; min-height: {m(18)}px;
    selection-background-color: {t.selection}; selection-color: {t.text};
}}
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover {{ border-color: {t.strong_border}; }}
QLineEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus {{ border-color: {t.accent}; }}
QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border-color: {t.error}; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{ background: {t.window}; color: {t.muted}; }}
QComboBox QLineEdit {{ border: none; padding: 0; min-height: 0; background: transparent; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0; min-height: 0; background: transparent; }}
QComboBox {{ padding-right: {m(22)}px; }}
QComboBox::drop-down {{ border: none; width: {m(22)}px; subcontrol-position: center right; }}
QComboBox::down-arrow {{ image: {picture("chevron-down")}; width: {m(14)}px; height: {m(14)}px; }}
QComboBox[kind="quiet"] {{ background: transparent; border-color: transparent; color: {t.muted}; }}
QComboBox[kind="quiet"]:hover {{ background: {t.chip}; color: {t.text}; }}
QComboBox[kind="quiet"]:focus {{ border-color: {t.accent}; color: {t.text}; }}
QComboBox QAbstractItemView {{
    background: {t.base}; border: 1px solid {t.border}; border-radius: 0; padding: {m(2)}px; outline: 0;
}}
QComboBox QAbstractItemView::item {{ min-height: {m(24)}px; padding: 0 {m(6)}px; }}
QAbstractSpinBox {{
    padding: {m(3)}px {m(4)}px; min-height: {m(16)}px; qproperty-alignment: "AlignRight | AlignVCenter";
}}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    border: none; width: {m(18)}px; background: transparent;
}}
QAbstractSpinBox::up-arrow {{ image: {picture("chevron-up")}; width: {m(10)}px; height: {m(10)}px; }}
QAbstractSpinBox::down-arrow {{ image: {picture("chevron-down")}; width: {m(10)}px; height: {m(10)}px; }}
QCheckBox, QRadioButton {{ spacing: {m(6)}px; min-height: {m(22)}px; }}
QCheckBox::indicator {{
    width: {m(14)}px; height: {m(14)}px;
    border: 1px solid {t.strong_border}; border-radius: {m(3)}px; background: {t.base};
}}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {t.accent}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: {picture("check")}; }}
QRadioButton::indicator {{
    width: {m(14)}px; height: {m(14)}px;
    border: 1px solid {t.strong_border}; border-radius: {m(14) // 2 + 1}px; background: {t.base};
}}
QRadioButton::indicator:hover, QRadioButton::indicator:focus {{ border-color: {t.accent}; }}
QRadioButton::indicator:checked {{
    width: {m(14) + 2 - 2 * m(5)}px; height: {m(14) + 2 - 2 * m(5)}px; border: {m(5)}px solid {t.accent};
}}
QRadioButton::indicator:checked:disabled {{ border-color: {t.muted}; }}
QCheckBox:focus, QRadioButton:focus {{ color: {t.accent}; }}
QTreeView::indicator {{
    width: {m(12)}px; height: {m(12)}px;
    border: 1px solid {t.strong_border}; border-radius: {m(3)}px; background: {t.base};
}}
QTreeView::indicator:hover {{ border-color: {t.accent}; }}
QTreeView::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: {picture("check")}; }}
"""


def _panes(t: Tokens, m: Metric, picture: Callable[[str], str]) -> str:
    # Padding of one pixel keeps the square viewport off the round corners.
    return f"""
QAbstractScrollArea {{
    background: {t.base}; border: 1px solid {t.border}; border-radius: {m(6)}px; padding: {m(2)}px;
}}
QAbstractScrollArea:focus {{ border-color: {t.accent}; }}
QScrollArea {{ background: transparent; border: none; border-radius: 0; padding: 0; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QAbstractItemView {{
    selection-background-color: {t.selection}; selection-color: {t.text}; outline: 0; padding: 0;
    alternate-background-color: {t.alternate}; gridline-color: {t.border};
}}
QTreeView::item, QListView::item {{ padding: {m(5)}px {m(5)}px; }}
QTableView::item {{ padding: 0 {m(5)}px; }}
QPlainTextEdit, QTextEdit {{ selection-background-color: {t.selection}; selection-color: {t.text}; }}
QPlainTextEdit[wrong="true"] {{ border-color: {t.error}; }}
QHeaderView {{ background: transparent; border: none; padding: 0; }}
QHeaderView::section {{
    background: {t.alternate}; color: {t.muted}; border: none; border-bottom: 1px solid {t.border};
    padding: {m(4)}px {m(8)}px; min-height: {m(18)}px;
}}
QHeaderView::section:first {{ border-top-left-radius: {m(5)}px; }}
QHeaderView::section:last {{ border-top-right-radius: {m(5)}px; }}
QHeaderView::section:only-one {{ border-top-left-radius: {m(5)}px; border-top-right-radius: {m(5)}px; }}
QHeaderView::up-arrow {{ image: {picture("chevron-up")}; width: {m(10)}px; height: {m(10)}px; }}
QHeaderView::down-arrow {{ image: {picture("chevron-down")}; width: {m(10)}px; height: {m(10)}px; }}
QTableCornerButton::section {{ background: {t.alternate}; border: none; }}
QFrame[pane="true"] {{ background: {t.base}; border: 1px solid {t.border}; border-radius: {m(6)}px; }}
QFrame[empty="true"] {{ background: {t.base}; border: 1px solid {t.border}; border-radius: {m(6)}px; }}
QFrame[pane="true"] QFrame[empty="true"] {{ border: none; }}
QFrame[pane="true"] QAbstractScrollArea, QFrame[overlay="true"] QAbstractScrollArea {{ border: none; }}
QFrame[notice="error"] {{ background: {t.tint("error")}; border: none; border-radius: {m(6)}px; }}
QFrame[notice="warning"] {{ background: {t.tint("warning")}; border: none; border-radius: {m(6)}px; }}
QFrame[overlay="true"] {{ background: {t.base}; border: 1px solid {t.strong_border}; border-radius: {m(6)}px; }}
QProgressBar {{
    background: {t.chip}; border: none; border-radius: {m(2)}px; color: transparent;
    min-height: {m(4)}px; max-height: {m(4)}px;
}}
QProgressBar::chunk {{ background: {t.accent}; border-radius: {m(2)}px; }}
"""


def _words(t: Tokens, m: Metric, fixed: QFont) -> str:
    tones = "\n".join(
        f'QLabel[role="{role}"] {{ color: {getattr(t, role)}; }}'
        for role in ("muted", "sent", "received", "good", "warning", "error", "accent")
    )
    size = f"{fixed.pointSizeF():.2f}pt" if fixed.pointSizeF() > 0 else f"{fixed.pixelSize()}px"
    families = ", ".join(f'"{family}"' for family in fixed.families())
    return f"""
{tones}
QLabel[role="title"] {{ font-weight: bold; font-size: {m(16)}px; }}
QLabel[chip="true"] {{
    background: {t.chip}; border-radius: {m(8)}px; padding: {m(2)}px {m(10)}px; min-height: {m(14)}px;
}}
QLabel[strong="true"] {{ font-weight: bold; }}
QLabel:focus {{ background: {t.selection}; border-radius: {m(3)}px; }}
*[fixed="true"] {{ font-family: {families}; font-size: {size}; }}
"""


def _scroll_bars(t: Tokens, m: Metric) -> str:
    return f"""
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {m(12)}px; }}
QScrollBar:horizontal {{ height: {m(12)}px; }}
QScrollBar::handle {{ background: {t.strong_border}; border-radius: {m(3)}px; margin: {m(3)}px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {t.muted}; }}
QScrollBar[idle="true"]::handle, QScrollBar[idle="true"]::handle:hover {{ background: transparent; }}
QScrollBar::handle:vertical {{ min-height: {m(28)}px; }}
QScrollBar::handle:horizontal {{ min-width: {m(28)}px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
"""


def _pop_ups(t: Tokens, m: Metric, picture: Callable[[str], str]) -> str:
    return f"""
QMenu {{ background: {t.base}; border: 1px solid {t.strong_border}; padding: {m(4)}px 0; }}
QMenu::item {{ padding: {m(4)}px {m(28)}px {m(4)}px {m(28)}px; color: {t.text}; background: transparent; }}
QMenu::item:selected {{ background: {t.selection}; }}
QMenu::item:disabled {{ color: {t.faint}; }}
QMenu::indicator {{ width: {m(14)}px; height: {m(14)}px; left: {m(8)}px; }}
QMenu::indicator:checked {{ image: {picture("tick")}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: {m(4)}px 0; }}
QToolTip {{ background: {t.alternate}; color: {t.text}; border: 1px solid {t.strong_border}; padding: {m(4)}px; }}
"""
