"""The catalogue of nouns: one line each. A noun's module is imported when it is named, and not before."""

from typing import NamedTuple


class Noun(NamedTuple):
    """One noun: its name, one line about it, and the module that holds its VERBS ("" for what `__main__` starts)."""

    name: str
    what: str
    module: str


NOUNS: tuple[Noun, ...] = (
    Noun("socket", "talk to a server byte by byte, or be one", "workbench.cli.socket_"),
    Noun("dns", "ask name servers, and check the names that addresses claim", "workbench.cli.dns"),
    Noun("mail", "letters: their tree and contents, mailboxes and sending", "workbench.cli.mail"),
    Noun("web", "requests by HTTP, every hop shown, and whether what came was all", "workbench.cli.web"),
    Noun("xmlrpc", "methods of an XML-RPC server, and calls of them", "workbench.cli.xmlrpc"),
    Noun("ftp", "folders and files of an FTP server", "workbench.cli.ftp"),
    Noun("sql", "run statements on SQLite files and PostgreSQL servers", "workbench.cli.sql"),
    Noun(
        "cert",
        "certificates of a server or a file: every field, and whether they count",
        "workbench.cli.cert",
    ),
    Noun("lab", "real servers on this machine that can misbehave on request", "workbench.cli.lab"),
    Noun("relay", "stand between clients and a server, and interfere on request", "workbench.cli.relay"),
    Noun("transcript", "saved conversations: show, search, compare, replay", "workbench.cli.transcript"),
    Noun("experiment", "predict, play and check the experiments", "workbench.cli.experiment"),
    Noun("tour", "the window does each panel's main job, and pictures are saved", ""),
    Noun("selfcheck", "what this machine offers, and what is missing", "workbench.cli.selfcheck"),
    Noun("schema", "the JSON Schema of a verb's documents", "workbench.cli.schema"),
)


def find_noun(name: str) -> Noun | None:
    """The noun of this name, a plugin's too; None where there is none."""
    for noun in NOUNS:
        if noun.name == name:
            return noun
    from workbench.cli.plugins import plugin_nouns

    for noun in plugin_nouns():
        if noun.name == name:
            return noun
    return None
