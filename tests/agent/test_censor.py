"""Secrets and hidden characters, taken out of text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.agent.censor import Censor
from orchestrator.agent.clean import TooLongError, bounded, one_line, shortened, visible

TOKEN = "glpat-" + "a1B2c3D4e5" * 3
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\n" + "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAA=\n" * 4


@pytest.mark.parametrize("secret", [TOKEN, f"x {TOKEN} y", KEY, "hunter2hunter2"])
def test_secrets_are_removed_wherever_they_stand(secret: str) -> None:
    censor = Censor({"DB_PASSWORD": "hunter2hunter2", "HOME": "/home/dana", "PATH": "/usr/bin"})
    found = str(censor.within({"a": [f"say {secret}!"], secret: "b"}))
    assert "a1B2c3D4e5" not in found
    assert "b3BlbnNzaC1r" not in found
    assert "hunter2" not in found
    assert "a secret was removed" in found


def test_what_is_no_secret_stays() -> None:
    censor = Censor({"API_KEY": "short", "HOME": "/home/dana", "KEYBOARD": "qwertz-layout"})
    text = "short /home/dana qwertz-layout ghp_no PAY-1 " + "word " * 50
    assert censor(text) == text


@given(st.text())
def test_visible_text_has_nothing_hidden(text: str) -> None:
    found = visible(text)
    assert visible(found) == found
    assert not set(found) & set("\x00\x1b\u202e\u2066\u200b\u2028\r\U000e0041\ufe01")
    assert "\n" not in one_line(text)


def test_ordinary_text_stays_as_it_is() -> None:
    text = "Größe 日本語 👩\u200d💻 — “quoted”\tand\nlines"
    assert visible(text) == text


def test_joiners_that_join_nothing_are_dropped() -> None:
    assert visible("a\u200d\u200c\u200db\u200c") == "ab"
    assert visible("👩\u200d\u200d\u200c💻") == "👩\u200d💻"
    assert visible("日\u200c本") == "日\u200c本"


def test_what_is_too_long_is_refused_or_says_so() -> None:
    with pytest.raises(TooLongError, match="11 characters"):
        bounded("It", "x" * 11, 10)
    assert shortened("x" * 12, 10) == "xxxxxxxxxx… [2 more characters]"
