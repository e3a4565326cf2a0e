"""What one test leaves in the mailboxes of this process, no other finds."""

import pytest

from workbench.lab.services.mail.house import house


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_letter_is_there_for_one_test_only(time: str) -> None:
    inbox = house().accounts["anna"].inbox
    inbox.add(f"Subject: {time}\r\n\r\n".encode())
    assert [letter.raw for letter in inbox.letters].count(b"Subject: first\r\n\r\n") == (time == "first")
    assert len(inbox.letters) == 14
