"""The SQL panel: a database, statements, their results, and how the transaction stands. Decides nothing."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSplitter, QVBoxLayout, QWidget

from workbench.bridge.ask import ask_save_file
from workbench.formats.secret import split_password, without_password
from workbench.formats.target import Target, parse_target
from workbench.jobs.job import Job
from workbench.lab.catalogue import find_service
from workbench.panels.bench import Bench, Document, Talk
from workbench.panels.drafts import line_of
from workbench.panels.routebox import RouteBox
from workbench.panels.sql.actions import CONTEXT, actions_of
from workbench.panels.sql.controller import SqlController
from workbench.panels.sql.entrance import select_of
from workbench.panels.sql.parts.around import chips_of, tls_box
from workbench.panels.sql.parts.editor import EditorPart
from workbench.panels.sql.parts.results import ResultsPart
from workbench.panels.sql.parts.strip import TransactionStrip
from workbench.panels.sql.parts.tree import SchemaTree
from workbench.panels.sql.routes import ROUTES
from workbench.panels.sql.sentences import count_of
from workbench.panels.sql.state import SqlState
from workbench.protocols.sql.database import PORT
from workbench.protocols.sql.explain import explain
from workbench.protocols.sql.schema import Table
from workbench.ui import theme
from workbench.ui.notice import Notice
from workbench.ui.pieces import field, place_of
from workbench.ui.targetbar import LabName, TargetBar
from workbench.ui.verdict import VerdictLine

LAB = "lab:sql"
HINT = "lab:sql, sqlite:FILE, postgresql://user@host/database"
STORY = (
    "-- A night is missing in the lighthouse's log. Who knows why?\n"
    "SELECT * FROM nights;\n\nSELECT * FROM missing;\n\n"
    "SELECT taken, wind, light FROM readings WHERE light = 0;\n"
)
STAGES = {
    "resolve": "looking up the name",
    "connect": "connecting",
    "greeting": "waiting for the server",
    "tls": "shaking hands (TLS)",
    "login": "logging in",
    "open": "opening",
}
MAX_DRAFT = 200_000
"""Characters of statements that survive a restart."""


class SqlPanel(QWidget):
    """One session with one database."""

    draft_changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._scope = bench.new_scope(CONTEXT)
        self._job: Job | None = None
        self._shown_transcript: object = None
        self._shown: SqlState | None = None
        self.controller = SqlController(bench.new_transcript, bench.lab.resolve, relay=bench.lab.relay)
        self.bar = TargetBar("Open", parse=self._parse, hint=HINT, parent=self)
        self.bar.set_lab_names((LabName(LAB, find_service("sql").title),))
        self.user = field("User", "user", "Who logs in at a server; empty: the address's, else yours", 90)
        self.password = field(
            "Password", "password", "The password; it is masked everywhere, and kept nowhere", 100
        )
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.tls = tls_box()
        self.route = RouteBox(ROUTES)
        for option in (self.user, self.password, self.tls, self.route):
            self.bar.add_option(option)
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.strip = TransactionStrip()
        self.tree = SchemaTree()
        self.writing = EditorPart()
        self.editor = self.writing.editor
        self.results = ResultsPart()
        self._lay_out()
        self._connect()
        bench.registry.add_all(actions_of(self), self)
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._render(self.controller.state)

    # ---- building

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        self.upright = QSplitter(Qt.Orientation.Vertical)
        self.upright.addWidget(self.writing)
        self.upright.addWidget(self.results)
        self.upright.setChildrenCollapsible(False)
        self.upright.setStretchFactor(1, 1)
        self.upright.setSizes([theme.metric(170), theme.metric(300)])
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.tree)
        self.splitter.addWidget(self.upright)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.metric(230), theme.metric(970)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        for widget in (self.bar, self.verdict, self.notice, self.strip):
            layout.addWidget(widget)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.close_session)
        self.bar.edited.connect(self._on_target_edited)
        self.user.textChanged.connect(self._on_form_edited)
        self.password.textChanged.connect(self._on_password_edited)
        self.tls.currentIndexChanged.connect(self._on_form_edited)
        self.route.currentIndexChanged.connect(self._on_form_edited)
        self.writing.edited.connect(self._on_form_edited)
        self.writing.run.clicked.connect(self.run)
        self.writing.run_all.clicked.connect(self.run_all)
        self.strip.begin.clicked.connect(self.begin)
        self.strip.commit.clicked.connect(self.commit)
        self.strip.rollback.clicked.connect(self.rollback)
        self.results.export.clicked.connect(self.export)
        self.results.sort_asked.connect(self._on_sort_asked)
        self.results.result_chosen.connect(self._on_result_chosen)
        self.tree.empty.asked.connect(self._on_offer_taken)
        self.tree.reload.clicked.connect(self.reload)
        self.tree.looked_into.connect(self._on_looked_into)
        self.tree.chosen.connect(self._on_table_chosen)
        self.notice.event_asked.connect(self._on_event_asked)
        self.notice.dismissed.connect(self._on_notice_dismissed)

    # ---- what the program asks

    def draft(self) -> dict[str, object]:
        """Target, statements, choices; never the password, not even one that is being typed into the target."""
        form = self.controller.state.form
        bar = self.bar.draft()
        history = bar.get("history")
        kept = [without_password(str(one)) for one in history] if isinstance(history, list) else []
        return {
            "bar": {**bar, "target": without_password(str(bar.get("target", ""))), "history": kept},
            "form": {
                "user": form.user,
                "tls": form.tls,
                "route": form.route,
                "sql": form.sql[:MAX_DRAFT],
                "parameters": form.parameters[:MAX_DRAFT],
            },
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take over the choices of an earlier run; nothing is opened."""
        if isinstance(bar := draft.get("bar"), dict):
            self.bar.restore(bar)
        if isinstance(form := draft.get("form"), dict):
            self.user.setText(line_of(form.get("user")))
            self.tls.setCurrentIndex(max(0, place_of(self.tls, form.get("tls"))))
            self.route.choose(form.get("route"))
            self.editor.setPlainText(_text(form.get("sql")))
            self.writing.parameters.setPlainText(_text(form.get("parameters")))
        self._on_target_edited()

    def focus_start(self) -> None:
        """Put the focus into the target."""
        self.bar.focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed; a session that goes on is left alone."""
        if not self.controller.state.is_live:
            self.bar.set_text(target)
            self._on_target_edited()

    def take(self, document: Document) -> None:
        """Statements of a file, or of another panel, become the editor's text."""
        self.editor.setPlainText(document.data[:MAX_DRAFT].decode("utf-8", "replace").replace("\0", "\ufffd"))
        self.focus_editor()

    def current_talk(self) -> Talk | None:
        """The session's conversation."""
        controller = self.controller
        is_sqlite = controller.state.dialect == "sqlite"
        copies = (
            ("Python", controller.copy_as_python),
            ("sqlite3" if is_sqlite else "psql", controller.copy_as_shell),
        )
        return Talk(controller.transcript, explain, controller.state.form.target, copies)

    async def retire(self) -> None:
        """End the session and everything that goes on in it."""
        self._bench.registry.forget(CONTEXT)
        self.controller.hurry()
        await self._scope.retire()
        self._uncut()
        self.results.show_rows(None, self.controller.state)
        self.controller.close()

    # ---- what a person can do; the actions call these too

    def start(self) -> None:
        """Open, as Enter in the target field does."""
        self.bar.submit()

    def stop(self) -> None:
        """Cancel the youngest thing that goes on, else close the session."""
        others = [job for job in self._scope.jobs if job is not self._job]
        if others:
            others[-1].cancel()
        else:
            self.close_session()

    def close_session(self) -> None:
        """Close the session, whatever goes on in it."""
        for job in reversed(self._scope.jobs):
            job.cancel()

    def focus_editor(self) -> None:
        """Put the focus into the statements."""
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def run(self) -> None:
        """Run the statement at the cursor."""
        self._run(self.controller.run_at(self.editor.place()), "Running a statement")

    def run_all(self) -> None:
        """Run all statements."""
        self._run(self.controller.run_all(), "Running all statements")

    def begin(self) -> None:
        """Begin a transaction."""
        self._run(self.controller.command("BEGIN"), "Beginning a transaction")

    def commit(self) -> None:
        """Commit."""
        self._run(self.controller.command("COMMIT"), "Committing")

    def rollback(self) -> None:
        """Roll back."""
        self._run(self.controller.command("ROLLBACK"), "Rolling back")

    def sort(self) -> None:
        """Sort by the column of the selected value; again: the other way round."""
        result = self.controller.state.result
        column = max(0, self.results.table.currentIndex().column())
        was = result.sorted_by if result is not None else None
        self._on_sort_asked(column, was is not None and was == (column, False))

    def export(self) -> None:
        """Ask for a file and write the rows."""
        self._scope.launch(self._export(), name="export", title="Exporting rows")

    def reload(self) -> None:
        """Look for tables anew."""
        self._scope.launch(self.controller.load_schema(), name="schema", title="Looking for tables")

    async def _export(self) -> None:
        path = await ask_save_file(self, "Export the rows", ("Comma-separated values (*.csv)",), "rows.csv")
        if path is not None:
            await self.controller.export(str(Path(path)))

    def _run(self, work: object, title: str) -> None:
        self._on_form_edited()
        self._scope.launch(work, name="run", title=title)  # type: ignore[arg-type]  # coroutines, all of them
        if self._shown_transcript is not self.controller.transcript:
            self._show_talk()

    # ---- a person did something

    @staticmethod
    def _parse(text: str) -> Target:
        return parse_target(text, default_port=PORT)

    def _on_target_edited(self) -> None:
        text, password = split_password(self.bar.text())
        if password:
            # Out of the address at once: that one is shown, remembered and saved.
            self.bar.set_text(text)
            self.password.setText(password)
        self._on_form_edited()

    def _on_form_edited(self) -> None:
        self.controller.compose(
            target=self.bar.text(),
            user=self.user.text(),
            tls=str(self.tls.currentData() or ""),
            route=self.route.route(),
            sql=self.editor.toPlainText(),
            parameters=self.writing.parameters.toPlainText(),
        )
        self.draft_changed.emit()

    def _on_password_edited(self) -> None:
        self.controller.password = self.password.text()

    def _on_submitted(self, _target: str) -> None:
        if self._job is not None and self._job.is_running:
            return
        self._on_form_edited()
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        title = f"SQL at {self.controller.state.form.target}"
        self._job = self._scope.launch(self.controller.open(), name="open", title=title)
        self._show_talk()
        self.focus_editor()
        self.draft_changed.emit()

    def _on_offer_taken(self) -> None:
        self.bar.set_text(LAB)
        if not self.editor.toPlainText().strip():
            self.editor.setPlainText(STORY)
        self.bar.submit()

    def _on_sort_asked(self, column: int, downward: bool) -> None:
        self._run(self.controller.sort(column, downward=downward), "Sorting")

    def _on_result_chosen(self, number: int) -> None:
        self.controller.show(number)

    def _on_looked_into(self, table: Table) -> None:
        self._scope.launch(
            self.controller.load_fields(table), name="schema", title=f"Columns of {table.name}"
        )

    def _on_table_chosen(self, table: Table) -> None:
        self.editor.add_statement(select_of(table))
        self.focus_editor()

    def _on_event_asked(self, index: int) -> None:
        self._bench.show_event(index)

    def _on_notice_dismissed(self) -> None:
        self.controller.dismiss()

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- showing

    def _show_talk(self) -> None:
        self._shown_transcript = self.controller.transcript
        self._bench.show(CONTEXT, self.current_talk())

    def _render(self, state: SqlState) -> None:
        rows = self.controller.rows()
        self.results.show_rows(rows, state)
        self._render_verdict(state, len(rows) if rows is not None else 0)
        # Rows come thirty times a second; everything else stays as it is meanwhile.
        if state is self._shown:
            return
        before, self._shown = self._shown, state
        self.bar.set_busy(state.is_live, "Close" if state.phase == "open" else "Cancel")
        self.notice.show_failure(state.problem)
        self.strip.show_state(state)
        self.tree.show_state(state)
        self.writing.show_state(state)
        self.results.show_state(state)
        self._bench.registry.refresh(CONTEXT)
        changed = before is not None and before.dialect != state.dialect
        if self._shown_transcript is not None and (
            changed or self._shown_transcript is not self.controller.transcript
        ):
            self._show_talk()

    def _render_verdict(self, state: SqlState, count: int) -> None:
        if state.phase == "idle":
            self.verdict.set("none", "", "Nothing was opened yet.")
            return
        if state.phase == "opening":
            self.verdict.set("running", STAGES.get(state.stage, "opening"), state.form.target)
            return
        verdict = state.verdict._replace(chips=chips_of(state))
        if state.busy and state.result is not None:
            verdict = verdict._replace(sentence=f"{count_of(count)} so far; Esc cancels")
        self.verdict.show_verdict(verdict)


def _text(text: object) -> str:
    """As the editor holds it."""
    if not isinstance(text, str):
        return ""
    return "".join(c for c in text[:MAX_DRAFT] if c.isprintable() or c in "\n\t")
