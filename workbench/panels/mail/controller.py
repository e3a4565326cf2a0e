"""The Mail panel's two halves, and which of them is on top. No Qt."""

from collections.abc import Callable

from workbench.panels.mail.composer import ComposerController
from workbench.panels.mail.entrance import LabOffers
from workbench.panels.mail.reader import ReaderController
from workbench.panels.routes import RelayStarter
from workbench.transcript.recorder import Transcript


class MailController:
    """Reader and composer; they share nothing but the Lab."""

    def __init__(
        self, new_transcript: Callable[[], Transcript], lab: LabOffers, *, relay: RelayStarter | None = None
    ) -> None:
        self.reader = ReaderController(new_transcript, lab, relay=relay)
        self.composer = ComposerController(new_transcript, lab, relay=relay)

    def close(self) -> None:
        """Give everything back."""
        self.reader.close()
        self.composer.close()
