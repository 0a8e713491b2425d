"""Secrets come from the environment or the keyring, and are refused in a sentence."""

import sys
import types

import pytest

from orchestrator.store.credentials import CredentialError, credential


def test_a_secret_in_the_environment() -> None:
    assert credential("env:TOKEN", {"TOKEN": "x"}) == "x"


@pytest.mark.parametrize("place", ["env:NONE", "plain", "file:x"])
def test_what_is_not_there_is_refused(place: str) -> None:
    with pytest.raises(CredentialError):
        credential(place, {})


class FakeKeyringError(Exception):
    pass


def a_keyring(monkeypatch: pytest.MonkeyPatch, held: dict[tuple[str, str], str] | None) -> None:
    def get_password(service: str, name: str) -> str | None:
        if held is None:
            raise FakeKeyringError
        return held.get((service, name))

    module, errors = types.ModuleType("keyring"), types.ModuleType("keyring.errors")
    module.get_password = get_password  # type: ignore[attr-defined]
    errors.KeyringError = FakeKeyringError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)


def test_a_secret_in_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    a_keyring(monkeypatch, {("orchestrator", "linear"): "x"})
    assert credential("keyring:linear", {}) == "x"
    with pytest.raises(CredentialError, match="The keyring holds no other"):
        credential("keyring:other", {})


def test_a_keyring_that_cannot_be_opened_or_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_keyring(monkeypatch, None)
    with pytest.raises(CredentialError, match="cannot be opened"):
        credential("keyring:linear", {})
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(CredentialError) as refused:
        credential("keyring:linear", {})
    assert "pip install" in str(refused.value.hint)
