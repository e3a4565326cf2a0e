"""What people type into the palette, tried in the real window."""

import pytest

from tests.journeys.person import Person, Workbench
from workbench.cli.nouns import NOUNS
from workbench.panels import PANELS
from workbench.panels.pages import PagedPanel
from workbench.panels.searchwords import SEARCH_WORDS
from workbench.ui.helpoffer import SEARCH_ID

FIRST = 3
"""Lines that a person reads before typing another word."""

NEW_WINDOW = {
    "talk": "go.sockets",
    "listen": "go.sockets",
    "serve": "go.sockets",
    "hex": "conversation.hex",
    "multicast": "go.sockets",
    "imap": "go.mail",
    "smtp": "go.mail",
    "e-mail": "go.mail",
    "ftp": "go.files",
    "upload": "go.files",
    "download": "go.web",
    "xpath": "go.web",
    "xmlrpc": "go.web",
    "query": "go.dns",
    "dig": "go.dns",
    "whois": "go.dns",
    "sqlite": "go.sql",
    "transaction": "go.sql",
    "certificate": "go.certificates",
    "openssl": "go.certificates",
    "lesson": "go.start",
    "wireshark": "conversation.export",
    "dark": "window.settings",
    "version": "window.diagnostics",
    "manual": "go.help",
}
"""Where a window leads in which no panel was opened yet."""

OPENED = {
    "talk": "sockets.start",
    "listen": "sockets.start",
    "serve": "sockets.start",
    "disconnect": "sockets.cancel",
    "base64": "sockets.page_framing",
    "netstat": "sockets.page_addresses",
    "mdns": "sockets.page_discovery",
    "epoll": "sockets.page_readiness",
    "query": "dns.start",
    "resume": "web.go_on",
    "curl": "web.start",
    "xpath": "web.inspector_find",
    "imap": "mail.start",
    "attachment": "mail.attach",
    "mkdir": "files.make_folder",
    "put": "files.upload",
    "csv": "sql.export",
    "undo": "sql.rollback",
    "pem": "certificates.open_file",
}
"""Where it leads once every panel was opened: to the action itself."""


def found(person: Person, words: str) -> list[str]:
    return [entry.id for entry in person.window.palette_overlay.entries(words)]


def test_no_word_is_said_twice_and_none_has_a_capital():
    for action, words in SEARCH_WORDS.items():
        said = words.split()
        assert sorted(set(said)) == sorted(said), action
        assert words == words.lower(), action


async def test_a_new_window_leads_to_the_panel_by_what_people_call_its_work(app):
    async with Workbench(app) as person:
        missed = {word: found(person, word)[:FIRST] for word in NEW_WINDOW}
        assert {word: ids for word, ids in missed.items() if NEW_WINDOW[word] not in ids} == {}
        # Every noun of the terminal is understood here too.
        unknown = [noun.name for noun in NOUNS if found(person, noun.name) == [SEARCH_ID]]
        assert unknown == []


async def test_every_word_belongs_to_an_action_and_leads_to_it(app):
    async with Workbench(app) as person:
        for info in PANELS:
            page = person.go(info.id)
            if isinstance(page, PagedPanel):
                for name in page.pages.ids:
                    page.show_page(name)
        ids = {action.id for action in person.program.registry.actions}
        assert sorted(set(SEARCH_WORDS) - ids) == []
        for action, words in SEARCH_WORDS.items():
            for word in words.split():
                assert action in found(person, word), (action, word)
        # What cannot be done now stands below what can, and is found all the same.
        missed = {
            word: [each for each in found(person, word) if not each.startswith("go.")] for word in OPENED
        }
        assert {word: ids for word, ids in missed.items() if OPENED[word] not in ids[:5]} == {}


@pytest.mark.parametrize("words", ["", "sockets", "send"])
async def test_nothing_is_offered_twice(app, words: str):
    async with Workbench(app) as person:
        texts = [entry.text for entry in person.window.palette_overlay.entries(words)]
        assert sorted(set(texts)) == sorted(texts)
