"""The drop-down of trust stores."""

from workbench.panels.certificates.parts.trustbox import TrustBox
from workbench.panels.certificates.state import TRUSTS


def test_it_offers_every_store_with_a_sentence(app):
    box = TrustBox()
    assert [box.itemData(at) for at in range(box.count())] == [choice for choice, _, _ in TRUSTS]
    for choice, _, what in TRUSTS:
        box.choose(choice)
        assert box.choice() == choice
        assert what in box.toolTip()
        assert what in box.accessibleDescription()
    box.choose("nothing known")
    assert box.choice() == TRUSTS[-1][0]
    box.deleteLater()


def test_a_file_stands_in_it_by_its_name(app):
    box = TrustBox()
    box.choose("file")
    box.set_path("/some/folder/root.pem")
    assert box.currentText() == "File: root.pem"
    assert "/some/folder/root.pem" in box.toolTip()
    box.set_path("/x/" + "long" * 20)
    assert len(box.currentText()) < 30
    box.set_path("")
    assert box.currentText().startswith("From a file")
    box.deleteLater()
