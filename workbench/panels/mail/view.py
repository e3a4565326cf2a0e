"""The Mail panel: a reader and a composer behind two tabs, and the ways in: target, dialog, drop, paste."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from workbench.bridge.ask import ACCEPTED, ask, ask_open_file, confirm
from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.panels.bench import Bench, Document, Talk
from workbench.panels.latepages import LatePages
from workbench.panels.mail.actions import CONTEXT, actions_of
from workbench.panels.mail.controller import MailController
from workbench.panels.mail.drafts import EMPTY_TEXTS, draft_of, files_of, texts_of
from workbench.panels.mail.parts.composerpage import ComposerPage
from workbench.panels.mail.parts.readerpage import ReaderPage, why_not_elsewhere
from workbench.panels.mail.reading import name_of, whither
from workbench.panels.mail.talks import composer_talk, reader_talk
from workbench.ui import theme

FILTERS = ("Letters (*.eml *.mbox *.mbx *.msg *.txt)", "All files (*)")
MAX_PASTED = 8 * 1024 * 1024
"""Characters; a larger letter is opened from a file."""
READER, COMPOSER = 0, 1


class MailPanel(QWidget):
    """One reader and one composer."""

    draft_changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._scope = bench.new_scope(CONTEXT)
        self._shown: object = None
        self.controller = MailController(bench.new_transcript, bench.lab, relay=bench.lab.relay)
        self._kept: dict[str, object] = {}
        self.pages = LatePages(self, {"reader": self._make_reader, "composer": self._make_composer})
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Reader or composer")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setTabToolTip(self.tabs.addTab("Reader"), "Letters that are there (Ctrl+Alt+1)")
        self.tabs.setTabToolTip(self.tabs.addTab("Composer"), "A letter of your own (Ctrl+Alt+2)")
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        bench.registry.add_all(actions_of(self), self)
        self._uncuts = [
            bench.feed.watch(each, self._on_talk_changed)
            for each in (self.controller.reader, self.controller.composer)
        ]

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.reader)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, theme.metric(4), margin, gap)
        layout.setSpacing(theme.metric(4))
        layout.addWidget(self.tabs)
        layout.addWidget(inner, 1)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._on_page_turned)
        self.pages.made.connect(self._on_composer_made)
        self.reader.draft_changed.connect(self.draft_changed)
        self.reader.open_asked.connect(self.open_file)
        self.reader.paste_asked.connect(self.paste)
        self.reader.save_asked.connect(self.save_part)
        self.reader.elsewhere_asked.connect(self.open_elsewhere)
        self.reader.link_chosen.connect(self._on_link_chosen)

    def _make_reader(self) -> ReaderPage:
        return ReaderPage(self._bench, self._scope, self.controller.reader)

    def _make_composer(self) -> ComposerPage:
        return ComposerPage(self._bench, self._scope, self.controller.composer)

    def _on_composer_made(self, _page: str, composer: ComposerPage) -> None:
        self._pages.addWidget(composer)
        composer.bar.take_over(self._kept)
        composer.put(self.controller.composer.state)
        composer.draft_changed.connect(self.draft_changed)
        composer.attach_asked.connect(self.attach)

    @property
    def reader(self) -> ReaderPage:
        """The page that reads, there from the start."""
        page: ReaderPage = self.pages["reader"]
        return page

    @property
    def composer(self) -> ComposerPage:
        """The page that writes, made at the latest when it is asked for."""
        page: ComposerPage = self.pages["composer"]
        return page

    # ---- what the program asks

    def draft(self) -> dict[str, object]:
        """Targets, choices and the letter that is being written; never a password."""
        return {
            "page": self.tabs.currentIndex(),
            "reader": self.reader.bar.all_of_it(),
            "composer": made.bar.all_of_it() if (made := self.pages.get("composer")) else self._kept,
            "letter": draft_of(self.controller.composer.state),
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take over the choices and the letter of an earlier run; nothing is connected."""
        if isinstance(reader := draft.get("reader"), dict):
            self.reader.bar.take_over(reader)
        made = self.pages.get("composer")
        if isinstance(composer := draft.get("composer"), dict):
            self._kept = composer
            if made is not None:
                made.bar.take_over(composer)
        if isinstance(letter := draft.get("letter"), dict):
            self.controller.composer.restore_files(files_of(letter))
            self.controller.composer.write(**{**EMPTY_TEXTS, **texts_of(letter)})
            if made is not None:
                made.put(self.controller.composer.state)
        if (page := draft.get("page")) in (READER, COMPOSER):
            self.tabs.setCurrentIndex(COMPOSER if page else READER)

    def focus_start(self) -> None:
        """Put the focus into the target."""
        self._page.bar.focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed; a session that goes on is left alone."""
        scheme = target.partition(":")[0].lower()
        if scheme in ("smtp", "smtps", "submission") or target.startswith("lab:smtp"):
            self.show_composer()
            if not self.controller.composer.state.is_sending:
                self.composer.bar.set_text(target)
            return
        self.show_reader()
        if not self.controller.reader.state.is_live:
            if target.startswith(("lab:pop", "pop3")):
                self.reader.bar.set_kind("pop")
            elif target.startswith(("lab:imap", "imap")):
                self.reader.bar.set_kind("imap")
            self.reader.bar.set_text(target)

    def take(self, document: Document) -> None:
        """Show a letter that another panel has."""
        self.show_reader()
        title = f"Reading {visible(document.name)[:80]}"
        reading = self.controller.reader.take(document.data, document.origin or document.name)
        self._scope.launch(reading, name="take", title=title)

    def current_talk(self) -> Talk | None:
        """The conversation of the page that is shown."""
        if self.is_composing:
            return composer_talk(self.controller.composer)
        return reader_talk(self.controller.reader)

    async def retire(self) -> None:
        """End what goes on."""
        self.pages.end()
        self._bench.registry.forget(CONTEXT)
        await self._scope.retire()
        for page in self.pages.ready:
            page.retire()
        for uncut in self._uncuts:
            uncut()
        self.controller.close()

    # ---- what a person can do; the actions call these too

    @property
    def _page(self) -> ReaderPage | ComposerPage:
        return self.composer if self.is_composing else self.reader

    @property
    def is_composing(self) -> bool:
        """Whether the composer is on top."""
        return self.tabs.currentIndex() == COMPOSER

    @property
    def is_busy(self) -> bool:
        """Whether there is something to stop or to close."""
        return bool(self._scope.jobs)

    def start(self) -> None:
        """Read or send, as Enter in the target field does."""
        self._page.bar.submit()

    def stop(self) -> None:
        """Stop the youngest thing that goes on, else close the session."""
        sessions = tuple(page.job for page in self.pages.ready)
        others = [job for job in self._scope.jobs if job not in sessions]
        if others:
            others[-1].cancel()
        elif self.is_composing and self.controller.composer.state.is_sending:
            self.composer.stop()
        else:
            self.reader.close_session()

    def show_reader(self) -> None:
        """Turn to the reader."""
        self.tabs.setCurrentIndex(READER)

    def show_composer(self) -> None:
        """Turn to the composer."""
        self.tabs.setCurrentIndex(COMPOSER)

    def show_view(self, number: int) -> None:
        """Show one of the views of the page: in the composer three of content and three of the letter."""
        if not self.is_composing:
            self.reader.detail.show_view(min(number, 4))
        elif number < 3:
            self.composer.content.focus_page(number)
        else:
            self.composer.outcome.focus_page(number - 3)

    def open_file(self) -> None:
        """Ask for a file and open it."""
        self._scope.launch(self._ask_and_open(), name="ask", title="Choosing a letter")

    def paste(self) -> None:
        """Open what the clipboard holds: a file, or a letter as text."""
        self._take(QGuiApplication.clipboard().mimeData(), "the clipboard")

    def save_part(self) -> None:
        """Ask for a folder and save the chosen part in it."""
        if not self.controller.reader.state.why_not_part:
            self._scope.launch(self._ask_and_save(), name="save", title="Saving the part")

    def open_elsewhere(self) -> None:
        """Open the chosen part in the panel that can show it."""
        if not self.why_not_elsewhere():
            self._scope.launch(self._hand_over(), name="hand", title="Decoding the part")

    def why_not_elsewhere(self) -> str:
        """Why the chosen part can't be opened in another panel; "" when it can."""
        return why_not_elsewhere(self.controller.reader.state)

    def attach(self) -> None:
        """Ask for files and attach them."""
        self._scope.launch(self._ask_and_attach(), name="ask", title="Choosing attachments")

    def detach(self) -> None:
        """Remove the chosen attachment."""
        self.composer.remove_file()

    def text_from_html(self) -> None:
        """Make the text from the HTML."""
        self.composer.text_from_html()

    def new_letter(self) -> None:
        """Begin another letter."""
        self.show_composer()
        self.composer.begin_another()

    async def _ask_and_open(self) -> None:
        path = await ask_open_file(self, "Open a letter", FILTERS)
        if path is not None:
            self.open_path(str(path))

    def open_path(self, path: str) -> None:
        """Open a letter or a file of letters."""
        self.show_reader()
        title = f"Opening {Path(path).name}"
        self._scope.launch(self.controller.reader.open_file(path), name="read", title=title)

    async def _ask_and_save(self) -> None:
        part = self.controller.reader.state.part
        assert part is not None, "asked for only when there is one"
        name = name_of(part)
        dialog = QFileDialog(self, f"Save {name.name} into which folder?")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        if await ask(dialog) == ACCEPTED and (chosen := dialog.selectedFiles()):
            await self.controller.reader.save(chosen[0])

    async def _hand_over(self) -> None:
        reader = self.controller.reader
        part = reader.state.part
        assert part is not None, "asked for only when there is one"
        where = whither(part)
        document = await reader.document()
        if where == "mail":
            await reader.take(document.data, document.origin)
        else:
            self._bench.hand(where, Document(*document))

    async def _ask_and_attach(self) -> None:
        dialog = QFileDialog(self, "Attach files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        if await ask(dialog) == ACCEPTED:
            self.show_composer()
            self.composer.attach_files(dialog.selectedFiles())

    async def _open_link(self, target: str) -> None:
        detail = (
            f"It leads to {visible(target)[:500]}. Nothing was loaded so far; the Web panel waits for you."
        )
        if await confirm(self, "Take this link to the Web panel?", detail, "Open in Web"):
            self._bench.open("web", target, "")

    # ---- a person did something

    def _take(self, mime: QMimeData | None, whence: str) -> None:
        """Open the first file of several, else the text. None: an empty clipboard."""
        urls = mime.urls() if mime is not None else []
        text = mime.text() if mime is not None and not urls else ""
        local = [url.toLocalFile() for url in urls if url.isLocalFile()]
        if local and self.is_composing:
            self.composer.attach_files(local)
        elif local:
            self.open_path(local[0])
        elif text.strip() and len(text) <= MAX_PASTED:
            self.take(Document("letter", "message/rfc822", text.encode("utf-8", "surrogateescape"), whence))
        else:
            what = f"{whence} holds no text" if not text.strip() else f"{whence} holds too much text"
            failure = LocalMisuse(what, stage="open", advice="copy a letter's source, its headers first")
            self.controller.reader.complain(failure)

    def _on_page_turned(self, number: int) -> None:
        self._pages.setCurrentWidget(self._page)
        self._bench.registry.refresh(CONTEXT)
        self._show_talk()
        self.draft_changed.emit()

    def _on_link_chosen(self, target: str) -> None:
        if target.startswith(("http:", "https:")):
            self._scope.launch(self._open_link(target), name="ask", title="A link of the letter")
        elif target.startswith("mailto:"):
            self.show_composer()
            self.composer.fields["to"].setText(visible(target[7:].partition("?")[0]))

    def _on_talk_changed(self) -> None:
        if self._talk_named != self._shown:
            self._show_talk()

    @property
    def _talk_named(self) -> tuple[object, str]:
        """The transcript of the page in front, and whose it is: the target is its title."""
        page = self.controller.composer if self.is_composing else self.controller.reader
        return page.transcript, page.state.access.target

    def _show_talk(self) -> None:
        self._shown = self._talk_named
        self._bench.show(CONTEXT, self.current_talk())

    # ---- Qt's

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if mime.hasUrls() or mime.hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._take(event.mimeData(), "what was dropped")
        self.setFocus(Qt.FocusReason.OtherFocusReason)
