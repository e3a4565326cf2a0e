"""The sheet behind "...": how TLS is done, and which way leads to the peer. It only collects two forms."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.bridge.ask import ask_open_file
from workbench.jobs.scope import Scope
from workbench.panels.sockets.parts.fields import ChoiceField, TextField
from workbench.protocols.raw.field import FieldError
from workbench.protocols.raw.limits import KEEPALIVE, LimitsForm
from workbench.protocols.raw.protection import TlsForm
from workbench.protocols.raw.wayform import WayForm
from workbench.ui import theme

NO_LIMITS = LimitsForm()
UNTRUSTED = (("stop", "Stop at one that is not trusted"), ("show", "Go on and show the verdict"))
TRUST = (
    ("auto", "The Lab's for lab: targets, else the system's"),
    ("system", "The system's authorities"),
    ("lab", "The Lab's authority, no other"),
    ("file", "The authorities of a file, no others"),
)
NAMES = (("target", "The target's name"), ("none", "No name"), ("other", "Another name"))
VERSIONS = (("", "Any"), ("1.0", "1.0"), ("1.1", "1.1"), ("1.2", "1.2"), ("1.3", "1.3"))
SHOWN = (("none", "None"), ("lab", "One that the Lab vouches for"), ("file", "One of a file"))
CLIENTS = (
    ("no", "Need not show a certificate"),
    ("ask", "May show a certificate"),
    ("require", "Must show a certificate"),
)
LIMITS = (
    ("connect", "Connect in", "Time to connect", "30 s"),
    ("idle", "Read idle", "Time that the peer may be silent", "for ever; seconds, 0 does not wait"),
    ("stall", "Write stall", "Time that the peer may take nothing", "for ever; seconds"),
    ("total", "All within", "Time for the whole session", "for ever; seconds"),
)
PEM = ["Certificates and keys (*.pem *.crt *.cer *.key)", "All files (*)"]


class OptionSheet(QScrollArea):
    """Everything about a connection that is decided before it.

    Args:
        scope: owns the asking for files.

    Signals:
        edited: one of the forms is another one.
    """

    edited = Signal()

    def __init__(self, scope: Scope, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scope = scope
        self._is_showing = False
        self.untrusted = ChoiceField("Policy for certificates", UNTRUSTED)
        self.trust = ChoiceField("Whose certificates are believed", TRUST)
        self.trust_file = TextField("File of authorities", "authorities.pem", "Certificates as PEM")
        self.name = ChoiceField("Name of the server", NAMES, "What a client sends (SNI), and expects to find")
        self.sni = TextField("Name to send and to expect", "mail.example.net")
        self.alpn = TextField("Protocols offered (ALPN)", "h2, http/1.1", "In order, commas between them")
        self.lowest = ChoiceField("Lowest version of TLS", VERSIONS)
        self.highest = ChoiceField("Highest version of TLS", VERSIONS)
        self.identity = ChoiceField("Certificate that we show", SHOWN)
        self.certificate = TextField("File of our certificate", "certificate.pem", "The chain, as PEM")
        self.key = TextField("File of its key", "key.pem; empty: in the same file", "The private key, as PEM")
        self.ask_client = ChoiceField("What clients show", CLIENTS)
        self.proxy = TextField(
            "Proxy", "none; socks5://host:1080, http://host:3128, lab:proxy-socks5", "Who opens the way"
        )
        self.proxy_user = TextField("User of the proxy", "no login")
        self.password = TextField(
            "Password of the proxy", "kept nowhere", "Asked anew in every session; masked", is_secret=True
        )
        self.local = TextField("Address to call from", "the system's choice", "HOST or HOST:PORT of ours")
        self.options = TextField(
            "Socket options",
            "NODELAY=1 TTL=64 RCVBUF=65536",
            "Set before the socket is connected or bound; blanks between them",
        )
        self.fields: dict[str, TextField | ChoiceField] = {
            name: getattr(self, name) for name in (*TlsForm._fields[1:], *WayForm._fields, "password")
        }
        self.fields |= {
            name: TextField(title, hint, f"Seconds; {KEEPALIVE}") for name, _, title, hint in LIMITS
        }
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._add_choosers()
        self._lay_out()
        for field in self.fields.values():
            field.edited.connect(self._on_edited)
        self.show_role("client", "tcp")

    def _add_choosers(self) -> None:
        for field in (self.trust_file, self.certificate, self.key):
            button = field.add_button("files", f"Choose the {field.field.accessibleName().lower()}")
            button.setProperty("chooses", next(name for name, each in self.fields.items() if each is field))
            button.clicked.connect(self._on_choose_clicked)

    def _lay_out(self) -> None:
        body = QWidget()
        columns = QHBoxLayout(body)
        margin = theme.metric(12)
        columns.setContentsMargins(margin, margin, margin, margin)
        columns.setSpacing(theme.metric(32))
        versions = QWidget()
        row = QHBoxLayout(versions)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        to = QLabel("to")
        theme.qualify(to, role="muted")
        to.setMinimumHeight(theme.metric(26))
        for widget in (self.lowest, to, self.highest):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self.tls_part = self._part(
            "TLS",
            "Used when TLS is ticked, and by Start TLS",
            (
                ("untrusted", "Certificates", self.untrusted),
                ("trust", "Believe", self.trust),
                ("trust_file", "", self.trust_file),
                ("name", "Server is", self.name),
                ("sni", "", self.sni),
                ("identity", "We show", self.identity),
                ("certificate", "", self.certificate),
                ("key", "", self.key),
                ("ask_client", "Clients", self.ask_client),
                ("alpn", "Protocols", self.alpn),
                ("versions", "Versions", versions),
            ),
        )
        self.way_part = self._part(
            "Socket",
            "Which way it takes, and how it is prepared",
            (
                ("proxy", "Proxy", self.proxy),
                ("proxy_user", "User", self.proxy_user),
                ("password", "Password", self.password),
                ("local", "From", self.local),
                ("options", "Options", self.options),
                *((name, label, self.fields[name]) for name, label, _, _ in LIMITS),
            ),
        )
        columns.addWidget(self.tls_part, 1)
        columns.addWidget(self.way_part, 1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Options of the connection")

    def _part(self, title: str, note: str, rows: Sequence[tuple[str, str, QWidget]]) -> QWidget:
        part = QWidget()
        heading, words = QLabel(title), QLabel(note)
        theme.qualify(heading, strong=True)
        theme.qualify(words, role="muted")
        words.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(theme.metric(8))
        head.addWidget(heading)
        head.addWidget(words, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.metric(12))
        grid.setVerticalSpacing(theme.metric(8))
        grid.setColumnMinimumWidth(0, theme.metric(76))
        grid.setColumnStretch(1, 1)
        for at, (name, text, widget) in enumerate(rows):
            label = QLabel(text)
            theme.qualify(label, role="muted")
            label.setMinimumHeight(theme.metric(26))
            label.setBuddy(widget)
            grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(widget, at, 1, Qt.AlignmentFlag.AlignTop)
            self._rows[name] = (label, widget)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(8))
        column.addLayout(head)
        column.addLayout(grid)
        column.addStretch(1)
        return part

    # ---- the forms

    def tls_form(self, *, is_on: bool) -> TlsForm:
        """What stands there about TLS."""
        return TlsForm(is_on, *(self._value(name) for name in TlsForm._fields[1:]))  # type: ignore[arg-type]  # the boxes offer what the types name

    def way_form(self) -> WayForm:
        """What stands there about the way; the password is in its field alone."""
        return WayForm(*(self._value(name) for name in WayForm._fields))

    def limits_form(self) -> LimitsForm:
        """What stands there about time."""
        return LimitsForm(*(self._value(name) for name in LimitsForm._fields))

    def show_forms(self, tls: TlsForm, way: WayForm, limits: LimitsForm = NO_LIMITS) -> None:
        """Put forms there, as one change."""
        self._is_showing = True
        for name, value in limits._asdict().items():
            limit = self.fields[name]
            assert isinstance(limit, TextField)
            limit.set_text(value)
        for name in (*TlsForm._fields[1:], *WayForm._fields):
            field, value = self.fields[name], str(getattr(tls if name in TlsForm._fields else way, name))
            if isinstance(field, TextField):
                field.set_text(value)
            else:
                field.choose(value)
        self._is_showing = False
        self._on_edited()

    def show_role(self, role: str, transport: str) -> None:
        """Show what this kind of session has."""
        is_client, has_tls = role == "client", transport == "tcp"
        self.tls_part.setVisible(has_tls)
        tls, shown = (
            self.tls_form(is_on=True),
            {
                "proxy": is_client and has_tls,
                "local": is_client,
                "name": is_client,
                "ask_client": not is_client,
                "connect": is_client and has_tls,
                **dict.fromkeys(("idle", "stall", "total"), has_tls),
            },
        )
        shown["proxy_user"] = shown["password"] = shown["proxy"] and bool(self.proxy.text().strip())
        shown["sni"] = is_client and tls.name == "other"
        believes = is_client or tls.ask_client != "no"
        shown["untrusted"] = shown["trust"] = believes
        shown["trust_file"] = believes and tls.trust == "file"
        shown["certificate"] = shown["key"] = tls.identity == "file"
        for name, is_shown in shown.items():
            for widget in self._rows[name]:
                widget.setVisible(is_shown)

    def focus_first(self) -> None:
        """Put the focus into the first field."""
        first = next((widget for widget in self._in_order() if widget.isVisible()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def order_focus_after(self, widget: QWidget) -> None:
        """Have the Tab key come by after another widget, from field to field as they stand."""
        for each in self._in_order():
            QWidget.setTabOrder(widget, each)
            widget = each

    def _in_order(self) -> list[QWidget]:
        """Everything that takes keys, from top to bottom, part by part."""
        found: list[QWidget] = []
        for _, widget in self._rows.values():
            for kind in (QComboBox, QLineEdit, QToolButton):
                found += widget.findChildren(kind)
        return found

    def show_mistake(self, mistake: FieldError | None) -> None:
        """Mark one field, or none."""
        for name, field in self.fields.items():
            field.show_mistake(mistake if mistake is not None and mistake.field == name else None)
        if mistake is not None and mistake.field in self.fields:
            self.ensureWidgetVisible(self.fields[mistake.field])

    def _value(self, name: str) -> str:
        field = self.fields[name]
        return field.text() if isinstance(field, TextField) else field.choice()

    def _on_edited(self) -> None:
        if not self._is_showing:
            self.edited.emit()

    def _on_choose_clicked(self) -> None:
        name = str(self.sender().property("chooses"))
        self._scope.launch(self._choose(name), name="choose file")

    async def _choose(self, name: str) -> None:
        field = self.fields[name]
        assert isinstance(field, TextField)
        path = await ask_open_file(self, f"Choose the {field.field.accessibleName().lower()}", PEM)
        if path is not None:
            field.set_text(str(path))
