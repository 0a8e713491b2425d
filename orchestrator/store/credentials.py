"""Secrets, from where the settings say that they are: never from a file of the plan."""

from collections.abc import Mapping
from importlib import import_module

from orchestrator.store.git import StoreError

KEYRING_SERVICE = "orchestrator"


class CredentialError(StoreError):
    """A secret is not where the settings say that it is."""


def credential(place: str, environment: Mapping[str, str]) -> str:
    """Return the secret at `env:NAME` or `keyring:NAME`.

    Raises:
        CredentialError: It is not there, or the keyring cannot be opened.
    """
    source, _, name = place.partition(":")
    match source:
        case "env":
            if value := environment.get(name, ""):
                return value
            raise CredentialError(
                f"The environment variable {name} is not set.", f"export {name}=…"
            )
        case "keyring":
            return _from_keyring(name)
        case _:
            raise CredentialError(
                "A secret is named by its place, env:NAME or keyring:NAME.", "Mend the settings."
            )


def _from_keyring(name: str) -> str:
    try:
        keyring = import_module("keyring")
        errors = import_module("keyring.errors")
    except ImportError:
        raise CredentialError(
            f"keyring:{name} needs the keyring package.",
            "pip install 'gitops-orchestrator[keyring]', or name env:NAME instead.",
        ) from None
    try:
        found: str | None = keyring.get_password(KEYRING_SERVICE, name)
    except errors.KeyringError as error:
        raise CredentialError(
            "The system's keyring cannot be opened.", "Unlock it, or name env:NAME instead."
        ) from error
    if not found:
        raise CredentialError(
            f"The keyring holds no {name} .", f"keyring set {KEYRING_SERVICE} {name}"
        )
    return found
