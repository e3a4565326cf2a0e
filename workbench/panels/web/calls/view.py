"""The page of calls: server and methods at the left, the call and what came of it at the right. Decides nothing."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from workbench.panels.bench import Bench, Document, Talk
from workbench.panels.drafts import line_of
from workbench.panels.routebox import RouteBox
from workbench.panels.web.calls.actions import CONTEXT, actions_of
from workbench.panels.web.calls.controller import CallsController
from workbench.panels.web.calls.models import MAX_ARGUMENTS, MethodsModel
from workbench.panels.web.calls.parts.composer import CallComposer
from workbench.panels.web.calls.parts.outcome import OutcomeView
from workbench.panels.web.calls.state import Argument, CallsState
from workbench.panels.web.pages import WebFrame
from workbench.panels.web.routes import ROUTES
from workbench.panels.workpage import WorkPage
from workbench.protocols.http.url import read_url
from workbench.protocols.xmlrpc.explain import explain
from workbench.protocols.xmlrpc.values import TYPES
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import table_of
from workbench.ui.targetbar import LabName, TargetBar

LAB = "lab:xmlrpc"
HINT = "lab:xmlrpc, http://host/RPC2"
EMPTY = "The methods of a server will stand here; one that does not tell them can be called all the same."
OFFER = f"List the methods of {LAB}"
MAX_TEXT = 64 * 1024


class CallsPage(WorkPage):
    """Calls of one server."""

    CONTEXT = CONTEXT
    JOB = "call"
    NOTHING = "Nothing was called yet."
    controller: CallsController

    def __init__(self, bench: Bench, frame: WebFrame) -> None:
        super().__init__(bench, frame)
        self._is_linking = False
        self._shown_transcript: object = None

        async def authority() -> bytes:
            return (await bench.lab.authority()).certificate

        self.controller = CallsController(
            bench.new_transcript, bench.lab.resolve, authority=authority, relay=bench.lab.relay
        )
        self.bar = TargetBar("List methods", parse=read_url, hint=HINT, parent=self)
        self.bar.set_lab_names((LabName(LAB, "XML-RPC server of the Lab"),))
        self.bar.target_box.setAccessibleName("Server")
        self.bar.field.setAccessibleName("Server")
        self.route = RouteBox(ROUTES)
        self.bar.add_option(self.route)
        self.empty = EmptyState(EMPTY, OFFER, icon="web")
        self.methods = MethodsModel()
        self.table = table_of(self.methods, "Methods", (190,))
        self.composer = CallComposer()
        self.outcome = OutcomeView()
        self.bar.hold(self.composer.method, self.composer.table)
        self._lay_out()
        self._connect()
        self._begin()

    # ---- building

    def _lay_out(self) -> None:
        left = QWidget()
        self._pages = QStackedLayout(left)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self.composer)
        right.addWidget(self.outcome)
        right.setChildrenCollapsible(False)
        right.setStretchFactor(1, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.metric(440), theme.metric(760)])
        self._column(self.bar).addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stop)
        self.bar.edited.connect(self._on_edited)
        self.bar.lead_to(self.table)
        self.route.currentIndexChanged.connect(self._on_edited)
        self.composer.edited.connect(self._on_edited)
        self.composer.called.connect(self.call)
        self.composer.signature_chosen.connect(self._on_signature_chosen)
        self.table.selectionModel().currentRowChanged.connect(self._on_method_chosen)
        self.empty.asked.connect(self._on_offer_taken)

    # ---- what a person can do; the actions call these too

    def call(self) -> None:
        """Make the call that is composed."""
        self._compose()
        if self.controller.state.why_not_call:
            return
        if not self.bar.text().strip():
            self.bar.submit()
            return
        method = self.controller.state.form.method
        self._launch(self.controller.call(), f"Calling {method[:60]}")

    def inspect(self) -> None:
        """Hand the answer's XML to the Inspector."""
        came = self.controller.state.came
        if came is not None:
            self._frame.inspect(
                Document(f"answer of {came.method}", "text/xml", came.received, self.bar.text())
            )

    def remove_argument(self) -> None:
        """Take the argument of the current row away."""
        self.composer.remove_argument()

    def focus_method(self) -> None:
        """Put the focus into the method."""
        self.composer.method.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.composer.method.selectAll()

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        form = self.controller.state.form
        return {
            "bar": self.bar.draft(),
            "route": self.route.route(),
            "method": form.method,
            "arguments": [list(argument) for argument in form.arguments],
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is asked."""
        if isinstance(bar := draft.get("bar"), dict):
            self.bar.restore(bar)
        self.route.choose(draft.get("route"))
        method = draft.get("method")
        self.controller.compose(
            target=self.bar.text(),
            route=self.route.route(),
            method=line_of(method),
            arguments=tuple(_arguments(draft.get("arguments"))),
        )
        self._render(self.controller.state)

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed."""
        if not self.controller.state.is_running:
            self.bar.set_text(target)
            self._compose()

    def current_talk(self) -> Talk | None:
        """The conversation of the calls."""
        copies = (("Python", self.controller.copy_as_python), ("curl", self.controller.copy_as_curl))
        return Talk(self.controller.transcript, explain, "XML-RPC", copies)

    # ---- a person did something

    def _compose(self) -> None:
        self.controller.compose(
            target=self.bar.text(),
            route=self.route.route(),
            method=self.composer.method.text(),
            arguments=self.composer.arguments.arguments,
        )

    def _on_edited(self) -> None:
        self._compose()
        self.draft_changed.emit()

    def _on_submitted(self, target: str) -> None:
        self._compose()
        self._launch(self.controller.list_methods(), f"Methods of {target}")
        self.draft_changed.emit()

    def _on_offer_taken(self) -> None:
        self.bar.set_text(LAB)
        self.bar.submit()

    def _on_method_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._is_linking:
            self.controller.choose(self.methods.rows[current.row()].name)
            self.draft_changed.emit()

    def _on_signature_chosen(self, number: int) -> None:
        self.controller.choose(self.controller.state.form.method, number)
        self.draft_changed.emit()

    # ---- showing

    def _render(self, state: CallsState) -> None:
        self.bar.set_busy(state.is_running)
        self._is_linking = True
        self.methods.show_anew(state.methods)
        self._is_linking = False
        self._pages.setCurrentIndex(1 if state.methods else 0)
        self.composer.show_state(state)
        self.outcome.show_came(state.came)
        self._render_rest(state)


def _arguments(kept: object) -> list[Argument]:
    if not isinstance(kept, list):
        return []
    return [
        Argument(pair[0] if pair[0] in TYPES else "", pair[1][:MAX_TEXT])
        for pair in kept[:MAX_ARGUMENTS]
        if isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(each, str) for each in pair)
    ]
