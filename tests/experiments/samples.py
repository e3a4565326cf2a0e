"""A card to change: small, in order, and made for tests alone."""

import tomllib
from typing import Any

from workbench.experiments.card import card_from_table
from workbench.experiments.values import Card

HEAD = """
id = "sample"
title = "A sample"
panel = "sockets"
rows = ["C5.1"]
rfc = ["RFC 9293 3.6"]
question = "What arrives?"
[predict]
choices = ["nothing", "the answer"]
right = 1
[explain]
text = "Because it was sent."
"""

BODY = """
[[step]]
do = "listen"
as = "listener"
[[step]]
do = "connect"
as = "client"
to = "listener"
[[step]]
do = "accept"
as = "server"
on = "listener"
[[step]]
do = "send"
as = "greeting"
on = "server"
text = "hello\\r\\n"
[[step]]
do = "read"
as = "answer"
on = "client"
until = "\\n"
[[expect]]
that = "answer.text"
equals = "hello\\r\\n"
[broken]
step.greeting = { text = "good bye\\r\\n" }
"""

SAMPLE = HEAD + BODY

BREAKABLE = """
[broken]
step.last = { do = "note", text = "something else" }
"""
"""For cards whose broken mode is not what a test is about: name the last step "last"."""

WAITING = """
[[step]]
do = "listen"
as = "listener"
[[step]]
do = "connect"
as = "client"
to = "listener"
[[step]]
do = "accept"
as = "server"
on = "listener"
[[step]]
do = "open-datagram"
as = "socket"
[[step]]
do = "read"
as = "silence"
on = "client"
"""
"""Steps that never end: for cancelling and for deadlines; OK is an expectation to go with them."""
OK = '[[expect]]\nthat = "last.ok"\nequals = true\n'

SERVED = """
[lab]
start = [{ name = "echo", as = "mirror", transform = "upper" }, "echo"]
[[step]]
do = "connect"
as = "client"
to = "mirror"
[[step]]
do = "send"
on = "client"
text = "abc"
[[step]]
do = "read"
as = "answer"
on = "client"
exactly = 3
[[expect]]
that = "answer.text"
equals = "ABC"
[broken]
mirror = { transform = "none" }
"""
"""With two services, one of them by another name."""


def table(text: str = SAMPLE) -> dict[str, Any]:
    """The sample as TOML's values, to be changed."""
    return tomllib.loads(text)


def card(text: str = SAMPLE) -> Card:
    """The sample, or another text, as a card."""
    return card_from_table(tomllib.loads(text), "sample.toml")


def played(steps: str, expectations: str) -> Card:
    """A card of these steps and expectations; a last step, named "last", is added."""
    last = '[[step]]\ndo = "note"\nas = "last"\ntext = "That is all."\n'
    return card(HEAD + steps + last + expectations + BREAKABLE)
