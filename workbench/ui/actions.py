"""Everything a person can do, in one registry that feeds menus, buttons, the palette, the shortcut editor and the help.

An Action is a value; the registry makes one QAction of it. An action of a panel has the panel's id as its context and
its widget as host: its key works while the focus is inside that widget, and another panel may use the same key. The
empty context is the whole window, whose keys clash with everyone's. What cannot be done now says why, in its tip and
in the palette, through `why_disabled`; owners call `refresh` after their state changed.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.ui import icons


class Action(NamedTuple):
    """Something a person can do.

    Attributes:
        id: "context.verb", e.g. "sockets.finish"; names key, icon, tip and test.
        text: what a menu says, without "&" and without a full stop.
        run: called without arguments; a bound method.
        tip: one sentence for the tooltip; the text when empty.
        shortcut: a key in QKeySequence's portable text ("Ctrl+Shift+P"), or "".
        context: the id of the panel or part whose action this is; "" for the whole window.
        icon: a name in resources/icons, or "".
        menu: the menu it stands in ("File"), or "" for none.
        why_disabled: the reason it cannot be done now, or a callable that gives it; "" when it can.
        checked: for actions that are on or off: tells which.
    """

    id: str
    text: str
    run: Callable[[], object]
    tip: str = ""
    shortcut: str = ""
    context: str = ""
    icon: str = ""
    menu: str = ""
    why_disabled: str | Callable[[], str] = ""
    checked: Callable[[], bool] | None = None

    @property
    def full_text(self) -> str:
        """The text with its panel or its menu before it, where nothing around says so: "Go: Sockets"."""
        root = self.context.split("/")[0]
        # A panel's own menu has its name as people write it: "SQL".
        place = self.menu if root in ("", self.menu.casefold()) else root.capitalize()
        return f"{place}: {self.text}" if place else self.text

    def reason(self) -> str:
        """Why it cannot be done now; "" when it can."""
        return self.why_disabled if isinstance(self.why_disabled, str) else self.why_disabled()


class ActionMaker(NamedTuple):
    """Makes the actions of one panel, or of one of its parts.

    Attributes:
        context: see Action.
        menu: the menu they stand in.
        prefix: of each id; the context and a full stop when empty.
    """

    context: str
    menu: str
    prefix: str = ""

    def __call__(
        self,
        name: str,
        text: str,
        run: Callable[[], object],
        shortcut: str,
        icon: str,
        why: str | Callable[[], str] = "",
    ) -> Action:
        """One of them; why: the reason it cannot be done now, see Action.why_disabled."""
        return Action(
            f"{self.prefix or f'{self.context}.'}{name}",
            text,
            run,
            shortcut=shortcut,
            context=self.context,
            icon=icon,
            menu=self.menu,
            why_disabled=why,
        )


class Clash(NamedTuple):
    """Two actions that want the same key where both could hear it."""

    shortcut: str
    first: str
    second: str


class RegisteredAction(QAction):
    """The one QAction of an Action."""

    def __init__(self, action: Action, shortcut: str, registry: "ActionRegistry") -> None:
        super().__init__(action.text, registry)
        self.action = action
        self.setObjectName(action.id)
        self.setCheckable(action.checked is not None)
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        self.setShortcutContext(within if action.context else Qt.ShortcutContext.WindowShortcut)
        # Icons are for buttons; in a menu they would stand where the tick does.
        self.setIconVisibleInMenu(False)
        if action.icon:
            icons.dress(self, action.icon)
        self.set_key(shortcut)
        self.triggered.connect(self._on_triggered)

    def set_key(self, shortcut: str) -> None:
        """Take another key; "" for none."""
        # Kept, too, in portable text: each new action is compared with all that are there.
        self.key = _normal(shortcut)
        self.setShortcut(QKeySequence(shortcut))
        self.refresh()

    def refresh(self) -> None:
        """Look again whether it can be done, and say so in the tip."""
        reason = self.action.reason()
        self.setEnabled(not reason)
        if self.action.checked is not None:
            self.setChecked(self.action.checked())
        tip = self.action.tip or self.action.text
        keys = shown_keys(self.shortcut())
        lines = [f"{tip} ({keys})" if keys else tip]
        if reason:
            lines.append(f"Not now: {reason}")
        self.setToolTip("\n".join(lines))
        self.setStatusTip("")

    def _on_triggered(self) -> None:
        # Its parent, and no reference of its own: an action that Qt deletes while it holds the last reference to the
        # registry would take the registry down in the middle of its own destruction (a crash, seen with PySide 6.11).
        registry = self.parent()
        if isinstance(registry, ActionRegistry):
            registry.run(self.action.id)


class ActionRegistry(QObject):
    """All actions of a window.

    Signals:
        changed: actions came, went, or got other keys.
        ran: the id of an action that was carried out.
        refused: the id of an action that could not be, and why.
    """

    changed = Signal()
    ran = Signal(str)
    refused = Signal(str, str)
    _settled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._made: dict[str, RegisteredAction] = {}
        self._wishes: dict[str, str] = {}
        # Menus are built anew once, however many actions a panel brings.
        self._is_settling = False
        self._settled.connect(self._on_changes_settled, Qt.ConnectionType.QueuedConnection)

    def add(self, action: Action, host: QWidget | None = None) -> QAction:
        """Take an action in; with a host its key works inside that widget (or window).

        Raises: ValueError when the id is taken or the default key clashes: both are mistakes of the program.
        """
        if action.id in self._made:
            raise ValueError(f"there is already an action {action.id}")
        shortcut = self._wishes.get(action.id, action.shortcut)
        clash = self._clash_of(action, shortcut)
        if clash is not None and action.id not in self._wishes:
            if self._wishes.get(clash.first) is None:
                raise ValueError(f"{action.id} and {clash.first} both want {clash.shortcut}")
            # A person gave this key to another action, in a window where this panel was not open yet.
            shortcut = ""
        elif clash is not None:
            shortcut = ""
        made = RegisteredAction(action, shortcut, self)
        self._made[action.id] = made
        if host is not None:
            host.addAction(made)
        self._announce()
        return made

    def add_all(self, actions: Iterable[Action], host: QWidget | None = None) -> None:
        """Take several in."""
        for action in actions:
            self.add(action, host)

    def forget(self, context: str) -> None:
        """Drop all actions of a context, and with them every reference to the panel that gave them."""
        for made in [m for m in self._made.values() if _inside(m.action.context, context)]:
            del self._made[made.action.id]
            made.setShortcut(QKeySequence())
            for holder in made.associatedObjects():
                if isinstance(holder, QWidget):
                    holder.removeAction(made)
            made.deleteLater()
        self._announce()

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions, in the order they came."""
        return tuple(made.action for made in self._made.values())

    def qaction(self, action_id: str) -> QAction:
        """The QAction of an action, for a menu or a button. Raises KeyError when there is none."""
        return self._made[action_id]

    def find(self, action_id: str) -> Action | None:
        """The action of that id, or None."""
        made = self._made.get(action_id)
        return None if made is None else made.action

    def refresh(self, context: str | None = None) -> None:
        """Look again which actions can be done; all of them, or those of one context."""
        for made in self._made.values():
            if context is None or _inside(made.action.context, context):
                made.refresh()

    def run(self, action_id: str) -> bool:
        """Carry an action out if it can be; else say why through `refused`. Returns whether it ran."""
        made = self._made.get(action_id)
        if made is None:
            return False
        reason = made.action.reason()
        if reason:
            made.refresh()
            self.refused.emit(action_id, reason)
            return False
        made.action.run()
        self.ran.emit(action_id)
        # The action may have dropped itself (closing its panel).
        if action_id in self._made:
            made.refresh()
        return True

    def shortcut_of(self, action_id: str) -> str:
        """The key an action has at present, in portable text."""
        made = self._made.get(action_id)
        return made.key if made else ""

    def set_shortcuts(self, wishes: Mapping[str, str]) -> list[Clash]:
        """Take over a person's own keys (id to key; "" for none); the others get their default.

        A wish that clashes with an earlier one or with a default is left out and returned.
        """
        clashes = self.clashes(wishes)
        refused = {clash.second for clash in clashes}
        self._wishes = {key: value for key, value in wishes.items() if key not in refused}
        for made in self._made.values():
            made.set_key(self._wishes.get(made.action.id, made.action.shortcut))
        self._announce()
        return clashes

    def clashes(self, wishes: Mapping[str, str] | None = None) -> list[Clash]:
        """The keys two actions would both hear, were `wishes` taken over; the wish is always the second."""
        wanted = self._wishes if wishes is None else wishes
        found: list[Clash] = []
        # What nobody changed comes first: it is in the right.
        order = sorted(self.actions, key=lambda action: action.id in wanted)
        taken: list[tuple[Action, str]] = []
        for action in order:
            shortcut = _normal(wanted.get(action.id, action.shortcut))
            if not shortcut:
                continue
            rival = next((a for a, keys in taken if keys == shortcut and _both_hear(a, action)), None)
            if rival is not None:
                found.append(Clash(shortcut, rival.id, action.id))
            else:
                taken.append((action, shortcut))
        return found

    def _clash_of(self, action: Action, shortcut: str) -> Clash | None:
        wanted = _normal(shortcut)
        if not wanted:
            return None
        for made in self._made.values():
            if made.key == wanted and _both_hear(made.action, action):
                return Clash(wanted, made.action.id, action.id)
        return None

    def _announce(self) -> None:
        if not self._is_settling:
            self._is_settling = True
            self._settled.emit()

    def _on_changes_settled(self) -> None:
        self._is_settling = False
        self.changed.emit()


def shown_keys(keys: QKeySequence | str) -> str:
    """A key as this system's people read it ("Ctrl+Shift+P", "⇧⌘P")."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _normal(shortcut: str) -> str:
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.PortableText)


def _inside(context: str, outer: str) -> bool:
    return context == outer or (bool(outer) and context.startswith(outer + "/"))


def _both_hear(first: Action, second: Action) -> bool:
    """Whether there is a place of the focus at which both keys would be heard: Qt then carries out neither."""
    a, b = first.context, second.context
    return not a or not b or _inside(a, b) or _inside(b, a)
