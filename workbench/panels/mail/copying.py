"""What was done at a mail server, and the same as scripts. No Qt."""

from workbench.errors import LocalMisuse
from workbench.panels.mail.state import ReaderState
from workbench.protocols.imap import code as imap
from workbench.protocols.pop import code as pop
from workbench.protocols.sasl.values import Protected
from workbench.protocols.smtp import code as smtp
from workbench.protocols.smtp.values import Envelope, Submission

MAX_DEEDS = 200
"""Of one session, for a copied script: a longer one nobody reads."""


class ReadingDeeds:
    """What was read in a session. certificates: PEM of the Lab's authority, "" for this machine's."""

    def __init__(self) -> None:
        self.certificates = ""
        self._imap: list[imap.Deed] = []
        self._pop: list[pop.Deed] = []

    def begin(self, certificates: str) -> None:
        """Another session."""
        self.certificates = certificates
        self._imap.clear()
        self._pop.clear()

    def listed(self, kind: str, folder: str, first: int, last: int) -> None:
        """A list was read. first, last: numbers of the letters, of IMAP."""
        if kind == "imap" and first <= last:
            self._note(imap.Deed("list", folder, first, last))
        elif kind == "pop" and pop.Deed("list") not in self._pop:
            self._pop.append(pop.Deed("list"))

    def fetched(self, kind: str, folder: str, name: int) -> None:
        """A letter was read. name: its UID, of POP3 its number."""
        if kind == "imap":
            self._note(imap.Deed("letter", folder, uid=name))
        elif pop.Deed("letter", name) not in self._pop and len(self._pop) < MAX_DEEDS:
            self._pop.append(pop.Deed("letter", name))

    def _note(self, deed: imap.Deed) -> None:
        if deed not in self._imap and len(self._imap) < MAX_DEEDS:
            self._imap.append(deed)

    def python(self, state: ReaderState) -> str:
        """As a script of the standard library. Raises: LocalMisuse: nothing was read yet."""
        if state.kind == "imap":
            return imap.python(self._of_imap(state))
        return pop.python(self._of_pop(state))

    def curl(self, state: ReaderState) -> str:
        """As commands. Raises: as python()."""
        return imap.curl(self._of_imap(state)) if state.kind == "imap" else pop.curl(self._of_pop(state))

    def _of_imap(self, state: ReaderState) -> imap.Recipe:
        host, port, secured = _place(state)
        return imap.Recipe(host, port, state.user, tuple(self._imap), secured, self.certificates)

    def _of_pop(self, state: ReaderState) -> pop.Recipe:
        host, port, secured = _place(state)
        return pop.Recipe(host, port, state.user, tuple(self._pop), secured, self.certificates)


def _place(state: ReaderState) -> tuple[str, int, Protected]:
    if not state.address:
        raise LocalMisuse("no mailbox was read yet", stage="copy", advice="open one first")
    host, _, port = state.address.rpartition(":")
    secured: Protected = "tls" if state.secured == "tls" else "starttls" if state.secured else "plain"
    return host.strip("[]"), int(port), "plain" if state.secured == "plain" else secured


def submission_recipe(
    address: str, envelope: Envelope, submission: Submission, certificates: str
) -> smtp.Recipe:
    """A letter that was sent, to send it again. address: of the server, HOST:PORT."""
    host, _, port = address.rpartition(":")
    return smtp.Recipe(
        host.strip("[]"), int(port), envelope, submission.secured, submission.user, certificates
    )


def send_again(recipe: smtp.Recipe | None, language: str) -> str:
    """The script of a sending. Raises: LocalMisuse: nothing was sent yet."""
    if recipe is None:
        raise LocalMisuse(
            "nothing was sent yet that a script could repeat", stage="copy", advice="send it first"
        )
    return {"python": smtp.python, "swaks": smtp.swaks, "curl": smtp.curl}[language](recipe)
