"""Alerts have names and meanings, unknown ones too."""

from workbench.wire.tls.alerts import ALERTS, alert_words


def test_every_alert_has_a_name_of_its_own_and_a_meaning():
    names = [name for name, _ in ALERTS.values()]
    assert len(set(names)) == len(names)
    assert all(meaning for _, meaning in ALERTS.values())
    assert alert_words(48)[0] == "unknown_ca"


def test_an_unknown_alert_is_told_by_its_number():
    assert alert_words(200)[0] == "alert 200"
