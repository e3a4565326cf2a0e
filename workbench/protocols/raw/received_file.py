"""What arrives on a conversation goes to a file, and whether its end says that this was all.

A conversation that was cut leaves the partial file where it is; it is named in the failure.
"""

from workbench.errors import LinkLost, PeerMisbehaved, WorkbenchError
from workbench.jobs.partial_file import PartialFile, misuse
from workbench.wire.ends import End

STAGE = "receive"


class ReceivedFile(PartialFile):
    """The file that received octets go to; begun before anything is sent, so that a wrong name costs nothing.

    Args:
        path: OUT, as given. What stands behind a link is replaced, not the link.

    Raises: LocalMisuse: OUT is a folder or another thing that is no plain file; LocalFault: it can't be written, or
        another program is receiving into it.
    """

    def __init__(self, path: str) -> None:
        if path == "-":
            raise misuse(path, "is no file: without --receive what arrives goes to standard output", STAGE)
        # Sums are counted where the octets of both directions are.
        super().__init__(path, stage=STAGE, is_summed=False, is_through_link=True)
        self.open()

    @property
    def where(self) -> str | None:
        """The name under which what arrived is found now, or will be; None where nothing did."""
        return self.partial if self.is_open else super().where

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {"file": self.where, "complete": self.is_whole}


def cut_off(end: End | None) -> WorkbenchError | None:
    """Why a file that ended so may be less than all of it; None where the peer said that this was all."""
    if end is None or end.kind in ("FIN", "close_notify", "local"):
        return None
    if end.kind == "truncated":
        return PeerMisbehaved(
            f"what arrived may not be all: {end.sentence}",
            stage=STAGE,
            committed="maybe",
            source="RFC 8446 section 6.1",
        )
    return LinkLost(
        f"what arrived may not be all: {end.sentence}",
        stage=STAGE,
        errno_name="ECONNRESET" if end.kind == "RST" else "",
        committed="maybe",
    )
