"""The settings page: everything a person can set, taken over as it is changed. It decides nothing: `on_change` does."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workbench.settings import Settings
from workbench.ui import theme
from workbench.ui.actions import ActionRegistry
from workbench.ui.shortcuts import ShortcutEditor

APPEARANCES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


class SettingsPage(QWidget):
    """The page.

    Args:
        settings: what is set at present.
        on_change: takes the new settings over and saves them; called at every change.
    """

    def __init__(
        self,
        settings: Settings,
        registry: ActionRegistry,
        on_change: Callable[[Settings], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._on_change = on_change
        self._is_showing = False
        self.setAccessibleName("Settings")
        self.appearance = QComboBox(self)
        for value, title in APPEARANCES:
            self.appearance.addItem(title, value)
        self.scale = _number(self, 50, 300, 10, " %")
        self.timeout = QDoubleSpinBox(self)
        self.timeout.setRange(0.1, 86400)
        self.timeout.setDecimals(1)
        self.timeout.setSuffix(" s")
        self.timeout.setKeyboardTracking(False)
        self.spool = _number(self, 1, 1024, 1, " MiB")
        self.rows = _number(self, 3, 60, 1, " rows")
        self.shortcuts = ShortcutEditor(registry, settings.shortcuts, self)
        self._lay_out()
        self.show_settings(settings)
        self.appearance.currentIndexChanged.connect(self._on_edited)
        for box in (self.scale, self.spool, self.rows):
            box.valueChanged.connect(self._on_edited)
        self.timeout.valueChanged.connect(self._on_edited)
        self.shortcuts.wishes_changed.connect(self._on_edited)

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(theme.metric(16))
        form.setVerticalSpacing(theme.metric(8))
        form.setColumnStretch(2, 1)
        for row, (field, title, tip) in enumerate(
            (
                (self.appearance, "Appearance", "Light, dark, or what the system says"),
                (self.scale, "Size of everything", "Of letters, and of all that follows from them"),
                (self.timeout, "Give up after", "How long an operation waits when nothing else is said"),
                (self.spool, "Keep in memory", "How much of a conversation, before it goes to a file"),
                (self.rows, "Conversation", "How many rows are seen when the window is first opened"),
            )
        ):
            label = QLabel(title, self)
            label.setBuddy(field)
            field.setAccessibleName(title)
            field.setToolTip(tip)
            field.setFixedWidth(theme.metric(150))
            why = QLabel(tip, self)
            theme.qualify(why, role="muted")
            for column, part in enumerate((label, field, why)):
                form.addWidget(part, row, column)
        keys = QLabel("Keys", self)
        theme.qualify(keys, role="title")
        layout = QVBoxLayout(self)
        margin = theme.metric(12)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(theme.metric(12))
        layout.addLayout(form)
        layout.addSpacing(theme.metric(4))
        layout.addWidget(keys)
        layout.addWidget(self.shortcuts, 1)

    @property
    def settings(self) -> Settings:
        """What is set at present."""
        return self._settings

    def show_settings(self, settings: Settings) -> None:
        """Show what was set elsewhere; `on_change` is not called."""
        self._is_showing = True
        self._settings = settings
        self.appearance.setCurrentIndex(max(0, self.appearance.findData(settings.appearance)))
        self.scale.setValue(settings.scale_percent)
        self.timeout.setValue(settings.default_timeout_s)
        self.spool.setValue(settings.spool_after_mib)
        self.rows.setValue(settings.conversation_rows)
        self.shortcuts.show_wishes(settings.shortcuts)
        self._is_showing = False

    def focus_start(self) -> None:
        """Put the focus on the first setting."""
        self.appearance.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_edited(self) -> None:
        if self._is_showing:
            return
        changed = replace(
            self._settings,
            appearance=str(self.appearance.currentData()),
            scale_percent=self.scale.value(),
            default_timeout_s=self.timeout.value(),
            spool_after_mib=self.spool.value(),
            conversation_rows=self.rows.value(),
            shortcuts=self.shortcuts.wishes,
        )
        if changed != self._settings:
            self._settings = changed
            self._on_change(changed)


def _number(parent: QWidget, low: int, high: int, step: int, suffix: str) -> QSpinBox:
    box = QSpinBox(parent)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setSuffix(suffix)
    box.setKeyboardTracking(False)
    return box
