"""The page of each rule, for a person who has just been refused a commit."""

from orchestrator.model.rules import RULES, Rule

_FIXED = frozenset({"ORC401"})
"""Rules about changes rather than plans; `check` never finds them."""


def page(code: str) -> str | None:
    """Return the page of a rule as Markdown, or None when there is no such rule."""
    rule = RULES.get(code)
    if rule is None:
        return None
    from importlib.resources import files

    own = files("orchestrator.check.pages").joinpath(f"{code}.md").read_text(encoding="utf-8")
    return f"{own}\n{_severity(rule)}"


def _severity(rule: Rule) -> str:
    if rule.code in _FIXED:
        return (
            "## How to change its severity\n\n"
            "Not at all: a change is refused or it is not. What is refused is for `policy:` in "
            "orchestrator.yaml to say,\nand `rules:` has no effect on it.\n"
        )
    article = "an" if rule.severity == "error" else "a"
    while_reading = rule.code < "ORC200"
    note = "\nWhat cannot be read is left out, whatever the severity.\n" if while_reading else ""
    return (
        "## How to change its severity\n\n"
        f"It is {article} {rule.severity} unless orchestrator.yaml says otherwise: "
        "an error refuses a commit, a warning does not, off is silent.\n\n"
        f"```yaml\nrules:\n  {rule.code}: warning  # error, warning or off\n```\n{note}"
    )
