"""`import github` and `import gitlab`: issues as the forges' APIs list them."""

from typing import Any

import click

from orchestrator.cli.import_.bring import Wishes, bring, file_of, import_options
from orchestrator.cli.session import Session


@click.command("github")
@click.argument("file", metavar="FILE|-")
@import_options
@click.pass_obj
def github(session: Session, /, file: str, **wishes: Any) -> None:
    """Import the issues of GitHub in FILE (JSON); pull requests are left out.

    \b
    gh api --paginate 'repos/OWNER/NAME/issues?state=all' > issues.json
    gh issue list --state all --limit 9999 --json number,title,body,state,\\
      stateReason,labels,assignees,milestone,createdAt,closedAt,updatedAt,url

    The project is called like the repository unless -p names one.
    """  # noqa: D301 - \b is click's mark for lines to be left as they are
    from orchestrator.exchange.github import read

    data, chosen = file_of(session, file), Wishes(**wishes)
    bring(session, chosen, lambda keys, _: read(data, keys, chosen.project or ""))


@click.command("gitlab")
@click.argument("file", metavar="FILE|-")
@import_options
@click.pass_obj
def gitlab(session: Session, /, file: str, **wishes: Any) -> None:
    """Import the issues of GitLab in FILE (JSON).

    \b
    glab api --paginate 'projects/:id/issues?per_page=100' > issues.json

    The project is called like GitLab's unless -p names one.
    """  # noqa: D301 - \b is click's mark for lines to be left as they are
    from orchestrator.exchange.gitlab import read

    data, chosen = file_of(session, file), Wishes(**wishes)
    bring(session, chosen, lambda keys, _: read(data, keys, chosen.project or ""))
