"""Ten thousand letters listed by IMAP: how soon the first screen, how long all, beside Python's imaplib."""

import os
import pwd
from datetime import timedelta

from tests.bench.children import Children
from tests.bench.figures import Budget, Figure, median
from tests.bench.letters_client import USERS
from tests.protocols.imap.dovecot_server import can_start, dovecot
from workbench.lab.services.mail.letters import DATE, generated

NAME = "letters"
COUNT = 10_000
RUNS = 3
FIRST = Budget(0.5)
CLIENT = "tests.bench.letters_client"


def measure(children: Children) -> list[Figure]:
    """Dovecot's Maildir, found for the first time and then again."""
    what = f"{COUNT:,} letters by IMAP"
    if not can_start():
        return [Figure(NAME, what, None, "s", note="Dovecot is not installed, or this is not root")]
    with dovecot() as server:
        # Two of the same, since a mailbox can be found for the first time only once.
        for user in USERS:
            _fill(str(server.place / "home" / user))
        cold = children.document(CLIENT, str(server.imap), "1")
        warm = children.document(CLIENT, str(server.imap), str(RUNS))
    return [
        Figure(
            NAME,
            f"{what}, first screen, never listed before",
            cold["first_s"][0],
            "s",
            peer="imaplib",
            theirs=cold["peer_first_s"][0],
            note="the server reads its folder",
        ),
        Figure(
            NAME,
            f"{what}, first screen",
            median(warm["first_s"]),
            "s",
            FIRST,
            peer="imaplib",
            theirs=median(warm["peer_first_s"]),
            note=f"median of {RUNS}; login, folder and 50 summaries, transcript on",
        ),
        Figure(
            NAME,
            f"{what}, all summaries",
            median(warm["all_s"]),
            "s",
            peer="imaplib",
            theirs=median(warm["peer_all_s"]),
            note=f"median of {RUNS}; read into values, transcript on; imaplib leaves them unread",
        ),
    ]


def _fill(home: str) -> None:
    """A Maildir as a server that delivers leaves it."""
    user = pwd.getpwnam("nobody")
    folder = os.path.join(home, "Maildir")
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(folder, name))
    for number in range(1, COUNT + 1):
        path = os.path.join(folder, "cur", f"{number:010}.M{number}.bench:2,S")
        with open(path, "wb") as file:
            file.write(generated(number).replace(b"\r\n", b"\n"))
        at = (DATE - timedelta(minutes=COUNT - number)).timestamp()
        os.utime(path, (at, at))
    for place, _folders, files in os.walk(home):
        for name in ("", *files):
            os.chown(os.path.join(place, name), user.pw_uid, user.pw_gid)
