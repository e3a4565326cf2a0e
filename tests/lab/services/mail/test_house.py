"""The mailboxes and the letters in them from the beginning.

Those stand in resources/lab/letters and are read by workbench.lab.services.mail.letters.
"""

import email
import email.policy

import pytest

from workbench.lab.services.mail.house import DOMAIN, MANY, MANY_LETTERS, Folder, House, Many, house
from workbench.lab.services.mail.letters import generated, samples


def test_one_house_for_all_and_a_password_of_its_own_for_each():
    assert house() is house()
    one, other = House(), House()
    assert [user for user, _ in one.logins] == ["anna", "ben"]
    passwords = {password for each in (one, other) for _, password in each.logins}
    assert len(passwords) == 4
    assert one.of_address(f"ANNA@{DOMAIN}") is one.accounts["anna"]
    assert one.of_address("anna@elsewhere.test") is None
    assert one.of_login(b"anna@lab.test") is one.of_login(b"anna") is one.accounts["anna"]
    assert one.of_login(b"\xff") is None


def test_letters_come_go_and_are_told_of():
    folder = Folder("x")
    told: list[int] = []
    folder.watchers.append(lambda: told.append(len(folder.letters)))
    first, second = folder.add(b"a"), folder.add(b"b")
    folder.drop({first.uid})
    third = folder.add(b"c")
    assert [letter.uid for letter in folder.letters] == [second.uid, third.uid] == [2, 3]
    assert told == [1, 2, 1, 2]
    assert folder.uidnext == 4


def test_a_folder_of_ten_thousand_writes_a_letter_when_it_is_looked_at():
    many = House().accounts["anna"].folders[MANY]
    assert isinstance(many.letters, Many)
    assert len(many.letters) == MANY_LETTERS
    assert many.letters[-1].uid == MANY_LETTERS
    assert [letter.uid for letter in many.letters[5:7]] == [6, 7]
    with pytest.raises(IndexError):
        many.letters[MANY_LETTERS]
    with pytest.raises(OverflowError):
        many.add(b"x")
    parsed = email.message_from_bytes(generated(4711), policy=email.policy.default)
    assert "number 4711" in parsed["Subject"]
    assert not parsed.defects


def test_the_samples_are_what_their_names_say():
    letters = [email.message_from_bytes(sample.raw, policy=email.policy.default) for sample in samples()]
    subjects = [str(letter["Subject"]) for letter in letters]
    assert len(letters) == 13
    assert sum(subject.startswith("Broken") for subject in subjects) == 4
    assert subjects[3].startswith("Grüße aus København — 日本語")
    inline, attachments = letters[1], letters[2]
    assert [part.get_content_type() for part in inline.walk()][-1] == "image/png"
    assert [part.get_filename() for part in attachments.walk()][2:] == [
        "passengers.csv",
        "Nebelhorn am Frühen Morgen.bin",
    ]
    for sample in samples()[:-1]:
        assert sample.raw.count(b"\n") == sample.raw.count(b"\r\n")
    mixed = samples()[-1].raw
    assert mixed.count(b"\n") > mixed.count(b"\r\n")
    assert mixed.count(b"\r") > mixed.count(b"\r\n")
