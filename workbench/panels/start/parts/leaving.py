"""How an experiment leaves as a program: into a file, or to the clipboard."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from workbench.bridge.ask import ask_save_file
from workbench.jobs.scope import Scope
from workbench.panels.start.controller import StartController
from workbench.ui.actions import Action

PYTHON = "Python (*.py)"


class Leaving:
    """Saves and copies the experiment that is shown. parent: of the dialog."""

    def __init__(self, parent: QWidget, scope: Scope, controller: StartController) -> None:
        self._parent = parent
        self._scope = scope
        self._controller = controller

    def save(self) -> None:
        """Ask for a file and write the program."""
        if not self._why_not():
            self._scope.launch(self._save(), name="script", title="Saving the experiment as a script")

    def copy(self) -> None:
        """Put the program on the clipboard."""
        if not self._why_not():
            self._scope.launch(self._copy(), name="script", title="Copying the experiment as a script")

    def actions(self, context: str) -> tuple[Action, ...]:
        """Both, for menu and keys."""
        return (
            Action(
                "start.save_script",
                "Save the experiment as a script",
                self.save,
                shortcut="Ctrl+S",
                context=context,
                icon="export",
                menu="Start",
                why_disabled=self._why_not,
            ),
            Action(
                "start.copy_script",
                "Copy the experiment as a script",
                self.copy,
                shortcut="Ctrl+Shift+C",
                context=context,
                icon="code",
                menu="Start",
                why_disabled=self._why_not,
            ),
        )

    async def _save(self) -> None:
        experiment = self._controller.state.experiment
        assert experiment is not None
        suggested = f"{experiment.card.id.replace('-', '_')}.py"
        path = await ask_save_file(self._parent, "Save the experiment as a script", (PYTHON,), suggested)
        if path is not None:
            await self._controller.save_script(str(path))

    async def _copy(self) -> None:
        QGuiApplication.clipboard().setText(await self._controller.script())

    def _why_not(self) -> str:
        state = self._controller.state
        is_shown = state.page.kind == "experiment" and state.experiment is not None
        return "" if is_shown else "choose an experiment first"
