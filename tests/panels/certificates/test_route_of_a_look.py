"""The route's drop-down, as a person uses it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.panels.benches import Workplace
from workbench.panels.certificates.routes import ROUTES
from workbench.panels.certificates.view import CertificatesPanel


async def test_a_look_goes_through_the_relay_that_was_chosen(app):
    place = Workplace(app)
    panel = CertificatesPanel(place.bench)
    place.show(panel)
    view = panel.look
    assert view.route.accessibleName() == "Route through relay"
    view.route.setFocus()
    for _ in ROUTES[1:]:
        QTest.keyClick(view.route, Qt.Key.Key_Down)
    assert view.route.route() == panel.controller.state.form.route == "cut"
    assert view.draft()["route"] == "cut"
    QTest.keyClicks(view.bar.field, "lab:tls-good")
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    await place.until(view.notice.isVisible)
    assert "middle of the TLS handshake" in view.notice.what.text()
    view.route.choose("off")
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: view.verdict.verdict.word == "accepted")
    await place.close(panel)
