"""Letters in experiments: said in plain words, carried out, and what can be seen of them.

The verbs stand in workbench.experiments.verbs_mail, what they do in workbench.experiments.steps_mail, and what can be
seen in workbench.experiments.things_mail.
"""

import pytest

from tests.experiments.house import house
from tests.experiments.samples import HEAD
from tests.experiments.test_verbs import card
from workbench.experiments.runner import run
from workbench.experiments.verbs_mail import MAIL

STEPS = """
[lab]
start = [{ name = "smtp", as = "post", refuse = "ben@lab.test" }, "imap"]
[[step]]
do = "mail-letter"
as = "note"
subject = "hello"
text = ".x"
[[step]]
do = "mail-send"
as = "sending"
to = "lab:post"
letter = "note"
recipients = "anna@lab.test, ben@lab.test"
login = true
[[step]]
do = "mail-look"
as = "found"
to = "lab:imap"
letter = "note"
[[expect]]
that = "note.subject"
contains = "hello ("
[[expect]]
that = "sending.verdict"
equals = "some"
[[expect]]
that = "sending.taken"
equals = 1
[[expect]]
that = "sending.refused"
equals = 1
[[expect]]
that = "sending.replies"
equals = "250 2.1.5 recipient noted | 550 5.7.1 this recipient is refused"
[[expect]]
that = "sending.reply"
contains = "queued as"
[[expect]]
that = "sending.secured"
equals = "starttls"
[[expect]]
that = "found.count"
equals = 1
[[expect]]
that = "found.text"
equals = ".x\\r\\n"
[broken]
post = { refuse = "" }
"""


def test_the_steps_are_said_in_plain_words() -> None:
    assert [step.sentence for step in card(HEAD + STEPS).as_written.steps] == [
        "Write a letter about “hello”: “.x”.",
        "At the Lab's post, log in and submit the note for anna@lab.test, ben@lab.test.",
        "Look by IMAP at the Lab's imap how often the note lies in anna's INBOX.",
    ]
    assert [verb.name for verb in MAIL] == ["mail-letter", "mail-send", "mail-look"]


@pytest.mark.parametrize("broken", [False, True])
async def test_what_becomes_of_a_letter_can_be_seen(broken: bool) -> None:
    async with house() as lab:
        result = await run(card(HEAD + STEPS), lab=lab, broken=broken)
        result.transcript.close()
    assert result.passed is not broken, [verdict.sentence for verdict in result.expectations]
