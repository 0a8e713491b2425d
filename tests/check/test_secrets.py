"""ORC501: tokens and keys in a file. None here is real; each is put together when the test runs."""

import random
import string

import pytest

from orchestrator.check.secrets import secrets_in

PATH = "projects/payments/tasks/PAY-1.yaml"


def drawn(length: int, letters: str = string.ascii_letters + string.digits, seed: int = 7) -> str:
    return "".join(random.Random(seed).choices(letters, k=length))


SECRETS = {
    **{f"{p}_" + drawn(36): "a GitHub token" for p in ("ghp", "gho", "ghu", "ghs", "ghr")},
    "github_pat_" + drawn(22) + "_" + drawn(59): "a GitHub token",
    "glpat-" + drawn(20): "a GitLab token",
    "lin_api_" + drawn(40): "a Linear token",
    "lin_oauth_" + drawn(64, "0123456789abcdef"): "a Linear token",
    "ntn_" + drawn(46): "a Notion token",
    "secret_" + drawn(43): "a Notion token",
    "xoxb-" + "123456789012-1234567890123-" + drawn(24): "a Slack token",
    "AKIA" + drawn(16, string.ascii_uppercase + "234567"): "an AWS token",
    "sk-ant-api03-" + drawn(80): "an Anthropic token",
    "sk-proj-" + drawn(48): "an OpenAI token",
    "sk-" + drawn(48): "an OpenAI token",
    "AIza" + drawn(35): "a Google token",
}


@pytest.mark.parametrize(("secret", "what"), SECRETS.items(), ids=lambda text: text[:9])
@pytest.mark.parametrize("around", ["{}", '"{}"', "token={}&x", "https://oauth2:{}@example.com"])
def test_a_secret_is_found_and_not_repeated(secret: str, what: str, around: str) -> None:
    line = f"title: Prüfen {around.format(secret)}"
    [problem] = secrets_in(PATH, f"id: PAY-1\n{line}\nstatus: todo\n".encode())
    assert problem.code == "ORC501"
    assert problem.severity == "error"
    assert problem.message == f"There is {what} ({secret[:4]}…) here."
    assert secret[:8] not in f"{problem}"
    assert (problem.path, problem.id, problem.line) == (PATH, "PAY-1", 2)
    assert problem.column == line.index(secret) + 1
    assert "Revoke it" in str(problem.hint)


@pytest.mark.parametrize("kind", ["", "RSA ", "OPENSSH ", "ENCRYPTED "])
def test_a_private_key_is_found(kind: str) -> None:
    body = "\n  ".join(drawn(64, seed=n) for n in range(4))
    text = f"description: |\n  -----BEGIN {kind}PRIVATE KEY-----\n  {body}\n"
    [problem] = secrets_in(PATH, text.encode())
    assert problem.message == "There is a private key here."
    assert (problem.line, problem.column) == (2, 3)


def test_every_secret_of_a_file_is_told_in_order() -> None:
    first, second = "ghp_" + drawn(36), "glpat-" + drawn(20)
    found = secrets_in("notes.txt", f"{second}\n{first} {second}\n".encode())
    assert [(p.line, p.column, p.id) for p in found] == [(1, 1, None), (2, 1, None), (2, 42, None)]


@pytest.mark.parametrize(
    "text",
    [
        "secret_santa: who gives what to whom",
        "title: ask-the-team-about-a-very-long-topic-name",
        "a task-force, a disk-image, risk-register-of-the-whole-programme",
        "ghp_ tokens begin with ghp_ and are 40 long: ghp_" + "x" * 36,
        "token: env:GITHUB_TOKEN_OF_THE_PAYMENTS_TEAM",
        "sk-ant-this-is-what-such-a-key-begins-with",
        "-----BEGIN PRIVATE KEY----- begins a key, and it should be in no file",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "a commit is named 1f0c2b7e9d8a46f3b5c1e0d9a8b7c6d5e4f3a2b1",
        "https://example.com/a/retry-captures-after-a-timeout-of-the-acquirer",
        "x" + "ghp_" + drawn(36),
        "glpat-" + drawn(12),
    ],
)
def test_prose_is_no_secret(text: str) -> None:
    assert secrets_in(PATH, text.encode()) == []


def test_any_bytes_will_do() -> None:
    assert secrets_in("", b"") == []
    [problem] = secrets_in(PATH, b"\xff\xfe\x00 ghp_" + drawn(36).encode() + b"\xff")
    assert problem.line == 1
