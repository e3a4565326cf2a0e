"""What a card asks of the machine."""

import pytest

from tests.experiments.house import house
from workbench.errors import LocalFault, LocalMisuse
from workbench.experiments import needs
from workbench.experiments.card import find_card
from workbench.experiments.needs import Need
from workbench.experiments.runner import run

ABSENT = {"ipv6": Need("wings", lambda: False), "linux": Need("a tail", lambda: False)}


def test_what_is_missing_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "NEEDS", ABSENT)
    both = find_card("half-close")._replace(needs=("ipv6", "linux"))
    assert needs.lacking(both) == "this machine has not wings and not a tail"
    assert needs.lacking(both._replace(needs=())) == ""


async def test_a_card_that_can_not_be_played_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "NEEDS", ABSENT)
    async with house() as lab:
        with pytest.raises(LocalFault, match="can't be played here: this machine has not wings"):
            await run(find_card("half-close")._replace(needs=("ipv6",)), lab=lab)


def test_a_need_that_nobody_knows_is_a_mistake_in_the_card() -> None:
    from tests.experiments.samples import SAMPLE
    from workbench.experiments.card import load_card

    with pytest.raises(LocalMisuse, match="there is no need 'luck'"):
        load_card(f'needs = ["luck"]\n{SAMPLE}', "sample.toml")
