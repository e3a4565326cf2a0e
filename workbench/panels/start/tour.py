"""The tour of the Start panel: predict and play one experiment."""

from workbench.panels.guide import Guide
from workbench.panels.start.view import StartPanel

CARD = "half-close"


async def tour(panel: StartPanel, guide: Guide) -> None:
    """Choose an experiment, predict rightly, play it, read why."""
    guide.target("lab:echo")
    await guide.until("the list holds experiments", lambda: panel.controller.state.cards != (), True)
    panel.open_experiment(CARD)
    page = panel.experiment
    await guide.until("the experiment asks first", lambda: page.play_button.isEnabled(), False)
    card = next(card for card in panel.controller.state.cards if card.id == CARD)
    guide.compare("its title is shown", page.title.text(), card.title)
    guide.click(page.group.button(card.right))
    await guide.until("after a prediction it can be played", lambda: page.play_button.isEnabled(), True)
    guide.click(page.play_button)
    await guide.until("what happened is what was predicted", lambda: page.verdict.verdict.word, "as you said")
    guide.compare("every step was played", len(page.steps.texts()), len(card.as_written.steps))
    guide.compare("every expectation is shown", len(page.seen.texts()), len(card.expectations))
    guide.compare("the explanation is shown", page.explanation.text(), card.explanation)
    await guide.until("the conversation has rows", lambda: guide.conversation() != [], True)
