"""The conversations of the panel, with what explains them and what leaves as code. No Qt."""

from workbench.panels.bench import Talk
from workbench.panels.mail.composer import ComposerController
from workbench.panels.mail.reader import ReaderController
from workbench.protocols.imap import explain as imap
from workbench.protocols.pop import explain as pop
from workbench.protocols.smtp import explain as smtp


def reader_talk(reader: ReaderController) -> Talk:
    """The conversation with the mailbox."""
    explain = imap.explain if reader.state.kind == "imap" else pop.explain
    copies = (("Python", reader.copy_as_python), ("curl", reader.copy_as_curl))
    return Talk(reader.transcript, explain, reader.state.access.target, copies)


def composer_talk(composer: ComposerController) -> Talk:
    """The conversation with the server that took the letter."""
    copies = (
        ("Python", composer.copy_as_python),
        ("swaks", composer.copy_as_swaks),
        ("curl", composer.copy_as_curl),
    )
    return Talk(composer.transcript, smtp.explain, composer.state.access.target, copies)
