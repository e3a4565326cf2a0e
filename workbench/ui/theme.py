"""The look of the whole window: palette, style sheet and fonts from the tokens, switched while it runs.

`apply` is called once by the application and again by the settings page. In "system" the system's light or dark is
followed as it changes; where the system says nothing (offscreen, plain X11) its palette is asked, and light is the
answer to no answer. QStyleHints.setColorScheme has no effect on such systems, which is why the palettes are ours.
Painted widgets ask `tokens()` in their paintEvent and repaint by themselves: every palette change reaches them.

The style sheet is the application's until a window takes it over (`put_sheet_on`). Under the application's, Qt dresses
a widget and all below it anew at each move into another parent, which is two thirds of the making of a panel; what is
built outside of a window that wears the sheet itself is dressed once, when it comes in. So a window of its own (a list
of proposals, a dialog) has to have a parent.
"""

from contextlib import ExitStack
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

from workbench import assets
from workbench.ui import fonts
from workbench.ui.fonts import fixed_font, metric
from workbench.ui.sheet import style_sheet
from workbench.ui.tokens import DARK, LIGHT, Tokens, luminance, mix

__all__ = ["Appearance", "Theme", "apply", "colour", "fixed_font", "metric", "qualify", "tokens"]

Appearance = Literal["system", "light", "dark"]


class Theme(QObject):
    """What is worn at present. `changed` follows every switch, after palette and sheet are in place.

    `drawn` keeps icons and pixmaps for as long as they fit: it is emptied by every switch, and it dies with the
    application, because a QPixmap must not outlive it.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("theme")
        self.tokens = LIGHT
        self.drawn: dict[tuple[object, ...], QIcon | QPixmap] = {}
        self.appearance: Appearance = "system"
        self.scale_percent = 100
        self._app = app
        self._app_was_dark = luminance(app.palette().color(QPalette.ColorRole.Window).name()) < 0.2
        self._worn: tuple[Tokens, int] | None = None
        self._sheet_waits = False
        self._window: QWidget | None = None
        self._files = ExitStack()
        self._file_paths: dict[str, str] = {}
        fonts.ensure_letters(app)
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def wear(self, appearance: Appearance, scale_percent: int, *, sheet_later: bool = False) -> None:
        """Switch to an appearance and a scale; nothing happens if they are worn already.

        Args:
            sheet_later: of the first one, leave the style sheet to put_sheet_on(): a window is built faster without.
        """
        if self._window is not None and not Shiboken.isValid(self._window):
            self._window = self._worn = None
        self.appearance = appearance
        self.scale_percent = scale_percent
        self._sheet_waits = self._sheet_waits or (sheet_later and self._worn is None)
        self._ask_system_for(appearance)
        self._put_on()

    def _put_on(self) -> None:
        tokens = DARK if self._is_dark() else LIGHT
        if (tokens, self.scale_percent) == self._worn:
            return
        self._worn = (tokens, self.scale_percent)
        self.tokens = tokens
        self.drawn.clear()
        fonts.set_scale(self._app, self.scale_percent)
        self._app.setPalette(palette(tokens))
        if not self._sheet_waits:
            self._set_sheet()
        self.changed.emit()

    def put_sheet_on(self, window: QWidget) -> None:
        """Dress a window, now that it is built: from here on it wears the style sheet, and the application none."""
        self._sheet_waits = False
        self._window = window
        if self._app.styleSheet():
            self._app.setStyleSheet("")
        self._set_sheet()

    def _set_sheet(self) -> None:
        wearer = self._window or self._app
        wearer.setStyleSheet(style_sheet(self.tokens, metric, fixed_font(), self._image))

    def _is_dark(self) -> bool:
        if self.appearance != "system":
            return self.appearance == "dark"
        scheme = self._app.styleHints().colorScheme()
        if scheme == Qt.ColorScheme.Unknown:
            return self._app_was_dark
        return bool(scheme == Qt.ColorScheme.Dark)

    def _ask_system_for(self, appearance: Appearance) -> None:
        """Where the platform can, its own dialogs and title bars go along."""
        hints = self._app.styleHints()
        if appearance == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if appearance == "dark" else Qt.ColorScheme.Light)

    def _image(self, name: str) -> str:
        """The path of one of the few pictures a style sheet can only take from a file."""
        if name not in self._file_paths:
            self._file_paths[name] = self._files.enter_context(assets.path(name)).as_posix()
        return self._file_paths[name]

    def _on_scheme_changed(self) -> None:
        if self.appearance == "system":
            self._put_on()


def apply(
    app: QApplication,
    appearance: Appearance = "system",
    scale_percent: int = 100,
    *,
    sheet_later: bool = False,
) -> Theme:
    """Dress the application, now or again; windows that are open change at once.

    Args:
        appearance: "light", "dark", or "system" to follow what the system says.
        scale_percent: of letters and of every size that follows from them.
        sheet_later: the style sheet comes with Theme.put_sheet_on(), once the first window is built.

    Returns: the theme, whose `changed` tells of every later switch.
    """
    theme = current(app)
    theme.wear(appearance, scale_percent, sheet_later=sheet_later)
    return theme


def current(app: QApplication | None = None) -> Theme:
    """The theme of the application, made on first use."""
    owner = app or QApplication.instance()
    if not isinstance(owner, QApplication):
        raise RuntimeError("a theme needs a QApplication")
    theme = owner.findChild(Theme, "theme", Qt.FindChildOption.FindDirectChildrenOnly)
    return theme if isinstance(theme, Theme) else Theme(owner)


def tokens() -> Tokens:
    """The colours worn at present."""
    return current().tokens


def colour(role: str, strength: float = 1.0) -> QColor:
    """A token as QColor, e.g. colour("muted"); below strength 1 it is mixed into the pane's surface."""
    worn = tokens()
    value: str = getattr(worn, role)
    return QColor(value if strength >= 1 else mix(worn.base, value, strength))


def qualify(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet selects by, and dress the widget anew if one changed.

    Known: kind="primary" | "quiet" | "danger" (buttons), role="muted" | "title" | a tone (labels), pane, empty, fixed,
    wrong, idle (a scroll bar that has nothing to scroll).
    """
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
        widget.update()


def palette(tokens: Tokens) -> QPalette:
    """The tokens in the roles Fusion paints by."""
    made = QPalette()
    roles = QPalette.ColorRole
    values = {
        roles.Window: tokens.window,
        roles.WindowText: tokens.text,
        roles.Base: tokens.base,
        roles.AlternateBase: tokens.alternate,
        roles.Text: tokens.text,
        roles.PlaceholderText: tokens.muted,
        roles.Button: tokens.base,
        roles.ButtonText: tokens.text,
        roles.BrightText: tokens.error,
        roles.ToolTipBase: tokens.alternate,
        roles.ToolTipText: tokens.text,
        roles.Highlight: tokens.selection,
        roles.HighlightedText: tokens.text,
        roles.Accent: tokens.accent,
        roles.Link: tokens.accent,
        roles.LinkVisited: tokens.accent,
        roles.Light: tokens.base,
        roles.Midlight: tokens.alternate,
        roles.Mid: tokens.border,
        roles.Dark: tokens.strong_border,
        roles.Shadow: tokens.strong_border,
    }
    for role, value in values.items():
        made.setColor(role, QColor(value))
    faint = QColor(tokens.faint)
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, role, faint)
    made.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(tokens.chip))
    made.setColor(QPalette.ColorGroup.Disabled, roles.Base, QColor(tokens.window))
    return made
