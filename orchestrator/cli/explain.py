"""`explain`: the page of a rule."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("explain")
@click.argument("code", metavar="[CODE]", required=False)
@json_option
@click.pass_obj
def command(session: Session, code: str | None, as_json: bool) -> None:
    """Explain a rule, for instance ORC205; without CODE, list the rules."""
    from orchestrator.check.explain import page
    from orchestrator.cli.talk import say, say_json, say_raw, table
    from orchestrator.model.rules import RULES
    from orchestrator.model.suggest import did_you_mean
    from orchestrator.verbs.refuse import ImpossibleError

    if code is None:
        if as_json:
            rules = [rule._asdict() for rule in RULES.values()]
            say_json({"total": len(rules), "rules": rules})
            return
        rows = [[rule.code, rule.severity, rule.title] for rule in RULES.values()]
        say_raw(table(["code", "default", "says"], rows, fancy=session.is_terminal))
        return
    found = code.upper()
    if found not in RULES:
        hint = did_you_mean(found, RULES) or "orchestrator explain lists the rules."
        raise ImpossibleError(f"There is no rule {code} .", hint)
    text = page(found) or ""
    if as_json:
        say_json({**RULES[found]._asdict(), "page": text})
    else:
        say(text.rstrip())
