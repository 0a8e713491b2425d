"""The table of rules: code, name, default severity. `explain` has a page for each."""

from typing import Literal, NamedTuple

from orchestrator.model.problem import Severity


class Rule(NamedTuple):
    """One thing that `check` looks for.

    Attributes:
        code: `ORC001` to `ORC999`; public, never reused.
        name: A slug for machines.
        title: What a problem of this rule says, in a few words.
        severity: What it is when the settings do not say.
        is_fixable: Whether `check --fix` can mend at least some cases.
    """

    code: str
    name: str
    title: str
    severity: Severity | Literal["off"] = "error"
    is_fixable: bool = False


_TABLE = (
    Rule("ORC001", "not-yaml", "not YAML"),
    Rule("ORC002", "duplicate-key", "duplicate key"),
    Rule("ORC003", "forbidden-yaml", "forbidden YAML feature"),
    Rule("ORC004", "encoding", "not clean UTF-8 text"),
    Rule("ORC005", "too-large", "too large or too deep"),
    Rule("ORC006", "bad-path", "bad path"),
    Rule("ORC101", "unknown-field", "unknown field"),
    Rule("ORC102", "missing-field", "missing field"),
    Rule("ORC103", "wrong-value", "wrong type or value"),
    Rule("ORC104", "file-name", "file name is not the id"),
    Rule("ORC105", "unexpected-file", "unexpected file"),
    Rule("ORC201", "duplicate-id", "duplicate id"),
    Rule("ORC202", "parent-missing", "parent missing"),
    Rule("ORC203", "parent-elsewhere", "parent in another project"),
    Rule("ORC204", "too-deep", "nested too deep"),
    Rule("ORC205", "parent-cycle", "parent cycle"),
    Rule("ORC206", "dependency-missing", "dependency missing"),
    Rule("ORC207", "dependency-cycle", "dependency cycle"),
    Rule("ORC208", "dependency-on-kin", "depends on its own ancestor or descendant"),
    Rule("ORC209", "self-reference", "refers to itself", is_fixable=True),
    Rule("ORC210", "unknown-user", "unknown user"),
    Rule("ORC211", "live-under-deleted", "live under deleted"),
    Rule("ORC301", "stamp-missing", "stamp missing", is_fixable=True),
    Rule("ORC302", "stamp-contradicts", "stamp contradicts status", is_fixable=True),
    Rule("ORC303", "dates-out-of-order", "dates out of order"),
    Rule("ORC304", "stamp-in-future", "stamp in the future"),
    Rule("ORC305", "open-children", "completed over open children", "warning"),
    Rule("ORC306", "open-dependencies", "started over open dependencies", "warning"),
    Rule("ORC307", "tests-missing", "test requirements missing", "warning"),
    Rule("ORC308", "minutes-differ", "actual minutes are not the sum of entries", is_fixable=True),
    Rule("ORC401", "refused-by-policy", "refused by policy"),
    Rule("ORC501", "secret", "a secret in a file"),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in _TABLE}
