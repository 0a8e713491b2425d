"""Headings that say what stands below them is not work: background, risks, tests, criteria."""

from typing import Literal

from orchestrator.agent.offline.inline import folded

Role = Literal["work", "prose", "unit", "integration", "performance", "security"]

_PROSE = frozenset({
    "abstract", "acceptance", "acceptance criteria", "appendix", "assumptions", "audience",
    "background", "budget", "constraints", "context", "definition of done", "done when", "faq",
    "glossary", "goal", "goals", "introduction", "key dates", "links", "metrics", "motivation",
    "non goals", "notes", "objective", "objectives", "open questions", "out of scope",
    "outcome", "outcomes", "overview", "people", "problem", "problem statement", "purpose",
    "questions", "references", "risks", "scope", "stakeholders", "success criteria",
    "success metrics", "summary", "team", "vision", "what is not part of it", "who", "why",
})  # fmt: skip
_TESTS: dict[str, Role] = {
    "test": "unit", "tests": "unit", "testing": "unit",
    "unit test": "unit", "unit tests": "unit",
    "integration test": "integration", "integration tests": "integration",
    "performance test": "performance", "performance tests": "performance",
    "security test": "security", "security tests": "security",
}  # fmt: skip


def role_of(title: str) -> Role:
    """Return what stands below a title: work, prose about what is above it, or its tests."""
    name = folded(title)
    if name in _PROSE:
        return "prose"
    return _TESTS.get(name, "work")
