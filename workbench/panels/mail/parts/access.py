"""The bar of both pages: the server, who logs in, what protects the conversation, the route. Decides nothing."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from workbench.formats.target import Target
from workbench.panels.drafts import line_of
from workbench.panels.mail.routes import ROUTES
from workbench.panels.mail.state import SECURITIES, Access
from workbench.panels.routebox import RouteBox
from workbench.ui.pieces import field, place_of
from workbench.ui.targetbar import LabName, TargetBar


class AccessBar(TargetBar):
    """The target bar with what mail needs besides.

    Signals:
        changed: any of it but the password.
        password_changed: what stands there now.
    """

    changed = Signal()
    password_changed = Signal(str)

    def __init__(
        self,
        action: str,
        parse: Callable[[str], Target],
        hint: str,
        lab: Sequence[LabName],
        kinds: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(action, parse=parse, hint=hint, parent=parent)
        if kinds:
            self.set_kinds(kinds)
        self.set_lab_names(lab)
        self.user = field(
            "User",
            "user",
            "Who logs in. At the Lab it may stay empty: its own user does, and it tells the password",
            90,
        )
        self.password = field(
            "Password", "password", "The password; it is masked everywhere, and kept nowhere", 90
        )
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.security = QComboBox()
        self.security.setAccessibleName("Protection")
        for name, title, what in SECURITIES:
            self.security.addItem(title, name)
            self.security.setItemData(self.security.count() - 1, what, Qt.ItemDataRole.ToolTipRole)
        self.route = RouteBox(ROUTES)
        for option in (self.user, self.password, self.security, self.route):
            self.add_option(option)
        self._show_security_tip()
        self.edited.connect(self.changed)
        self.user.textChanged.connect(self.changed)
        self.user.returnPressed.connect(self.submit)
        self.password.textChanged.connect(self.password_changed)
        self.password.returnPressed.connect(self.submit)
        self.security.currentIndexChanged.connect(self._on_security_changed)
        self.route.currentIndexChanged.connect(self.changed)

    def access(self) -> Access:
        """What stands there."""
        return Access(self.text(), self.user.text(), str(self.security.currentData()), self.route.route())

    def all_of_it(self) -> dict[str, object]:
        """For the session; never the password."""
        access = self.access()
        return {"bar": self.draft(), "user": access.user, "security": access.security, "route": access.route}

    def take_over(self, kept: Mapping[str, object]) -> None:
        """Take what an earlier session kept; what is unknown in it is left out."""
        if isinstance(bar := kept.get("bar"), dict):
            self.restore(bar)
        self.user.setText(line_of(kept.get("user")))
        at = place_of(self.security, kept.get("security"))
        if at >= 0:
            self.security.setCurrentIndex(at)
        self.route.choose(kept.get("route"))

    def _on_security_changed(self) -> None:
        self._show_security_tip()
        self.changed.emit()

    def _show_security_tip(self) -> None:
        what = str(self.security.currentData(Qt.ItemDataRole.ToolTipRole))
        self.security.setToolTip(what)
        self.security.setAccessibleDescription(what)
