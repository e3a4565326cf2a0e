"""The line that says what was done."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workbench.ui.conversation.remark import Remark


def test_it_is_there_only_while_it_says_something(show: Callable[..., QWidget]):
    holder = QWidget()
    remark = Remark(holder)
    show(holder, 400, 60)
    assert not remark.isVisible()
    remark.say("Not a size.", "error")
    assert remark.isVisible()
    assert remark.accessibleName() == "Not a size."
    assert not remark.sign.pixmap().isNull()
    remark.say("")
    assert not remark.isVisible()
