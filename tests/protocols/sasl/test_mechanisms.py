"""What the mechanisms say, beside the examples of their RFCs."""

import base64

import pytest

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.sasl.mechanisms import (
    MAX_CHALLENGE,
    CramMd5,
    LoginMechanism,
    Plain,
    challenge_of,
    choose,
    encoded,
)
from workbench.protocols.sasl.values import Login

TIM = Login("tim", "tanstaaftanstaaf")


def test_plain_says_all_at_once_or_at_an_empty_challenge():
    answer = Plain(TIM).first()
    assert answer is not None
    assert answer.data == b"\0tim\0tanstaaftanstaaf"  # RFC 4616 section 4
    assert answer.secret
    assert "tanstaaf" not in answer.told
    assert Plain(TIM).answer(b"").data == answer.data


def test_cram_md5_answers_as_its_rfc_has_it():
    challenge = b"<1896.697170952@postoffice.reston.mci.net>"
    answer = CramMd5(TIM).answer(challenge)
    assert answer.data == b"tim b913a602c7eda7a495b4e6e7334d3890"  # RFC 2195 section 2
    assert answer.secret


def test_login_answers_two_questions_whatever_their_words():
    mechanism = LoginMechanism(TIM)
    assert mechanism.first() is None
    user, password = mechanism.answer(b"Username:"), mechanism.answer(b"\xffwhatever")
    assert (user.data, user.secret) == (b"tim", False)
    assert (password.data, password.secret) == (b"tanstaaftanstaaf", True)


@pytest.mark.parametrize("made", [Plain, LoginMechanism, CramMd5])
def test_a_server_that_goes_on_asking_is_told(made: type[Plain]):
    mechanism = made(TIM)
    mechanism.first()

    def ask() -> None:
        for _ in range(3):
            mechanism.answer(b"and?")

    with pytest.raises(PeerMisbehaved, match="goes on asking"):
        ask()


@pytest.mark.parametrize(
    ("offered", "protected", "expected"),
    [
        ("CRAM-MD5 LOGIN PLAIN", True, "PLAIN"),
        ("CRAM-MD5 LOGIN PLAIN", False, "CRAM-MD5"),
        ("login", True, "LOGIN"),
        ("SCRAM-SHA-256 XOAUTH2", True, None),
        ("", False, None),
    ],
)
def test_the_choice_depends_on_who_can_read_along(offered: str, protected: bool, expected: str | None):
    mechanism = choose(offered.split(), TIM, is_protected=protected)
    assert (mechanism.name if mechanism else None) == expected


@pytest.mark.parametrize("text", ["a\r\nb", "a\0b", "\n"])
def test_what_no_line_can_hold_is_refused(text: str):
    with pytest.raises(LocalMisuse, match="can't hold") as caught:
        choose(["PLAIN"], Login(text, "x"), is_protected=True)
    assert caught.value.start is not None
    with pytest.raises(LocalMisuse) as caught:
        choose(["PLAIN"], Login("x", text), is_protected=True)
    assert (caught.value.text, caught.value.start) == ("", None)


def test_challenges_are_base64_of_a_bounded_length():
    assert challenge_of(b"") == b""
    assert challenge_of(base64.b64encode(b"hello")) == b"hello"
    assert encoded(b"") == b"="
    for wrong in (b"not base64!", b"a", b"A" * (MAX_CHALLENGE + 4)):
        with pytest.raises(PeerMisbehaved, match="no base64"):
            challenge_of(wrong)


def test_a_login_shows_no_password():
    assert "tanstaaf" not in repr(TIM) + str(TIM) + f"{TIM}"
