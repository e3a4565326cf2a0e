"""The verbs about files: a folder listed, a file fetched, each in a session of its own. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import TIMEOUT, Param, Verb, to_place

_TO = Param("to", "place", "an FTP server of [lab]", needed=True, of=("listener",))


def _say_list(given: Given, _name: str) -> str:
    return f"Log in to {to_place(given)} as anonymous, and ask what {given['path']} holds."


def _say_get(given: Given, _name: str) -> str:
    return f"Log in to {to_place(given)} as anonymous, ask how large {given['path']} is, and fetch it."


FILES = (
    Verb(
        "ftp-list",
        "log in to an FTP server and list a folder, by MLSD where it has it, else by LIST",
        "listing",
        (_TO, Param("path", "words", "the folder, like /", needed=True), TIMEOUT),
        _say_list,
    ),
    Verb(
        "ftp-get",
        "log in to an FTP server, ask for a file's size and fetch it",
        "fetched",
        (_TO, Param("path", "words", "the file, like /README.txt", needed=True), TIMEOUT),
        _say_get,
    ),
)
