"""A team of Linear's, as the engine sees it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from orchestrator.sync.errors import (
    ClashError,
    DriftError,
    ForbiddenError,
    GoneError,
    InvalidError,
    NotFoundError,
    PlanLimitError,
)
from orchestrator.sync.http import Http
from orchestrator.sync.item import Item, Kind, Listing, Wanted
from orchestrator.sync.remote import Capabilities, Known, Survey, Tie
from orchestrator.sync.remotes.linear import learning, listing, mapping, queries
from orchestrator.sync.remotes.linear.client import mutate
from orchestrator.sync.remotes.linear.team import Team
from orchestrator.sync.remotes.linear.writing import Mutation, change_issue, change_project

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_Result = TypeVar("_Result")


@dataclass
class Linear:
    """One team of a Linear workspace, with the projects that it can reach."""

    tie: Tie
    http: Http
    _learned: Team | None = None
    _strange: set[str] = field(default_factory=set)

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far."""
        return self.http.sent

    def __enter__(self) -> Self:
        """Open the connections."""
        self.http.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        self.http.__exit__(kind, error, trace)

    @property
    def _team(self) -> Team:
        assert self._learned is not None  # noqa: S101 - greet comes first
        return self._learned

    def greet(self) -> Capabilities:
        """Check token and settings, and learn the team's states, labels and accounts."""
        self._learned = _as_documented(lambda: learning.learn(self.http, self.tie))
        return learning.capabilities(self._team)

    def survey(self) -> Survey:
        """Return the teams, and of the chosen one its states and accounts."""
        return _as_documented(lambda: learning.survey(self.http, self.tie))

    def fetch(self, since: str | None, known: Known) -> Listing:  # noqa: ARG002 - the contract's
        """Return what changed in the team since a watermark, or everything."""

        def read() -> Listing:
            nodes = listing.read(self.http, self._team.key, since)
            items = [self._project(node) for node in nodes.projects.values()]
            items += [self._issue(node) for node in nodes.issues.values()]
            return Listing(tuple(items), since is None, listing.watermark(nodes, since))

        return _as_documented(read)

    def look(self, kind: Kind, key: str, kept: Mapping[str, Any]) -> Item | None:  # noqa: ARG002
        """Return an issue or project as it is now, in the trash too; None where there is none."""
        if not _UUID.match(key):
            return None

        def read() -> Item | None:
            is_project = kind == "projects"
            nodes = listing.by_id(self.http, [key], is_project=is_project)
            if not nodes:
                return None
            return self._project(nodes[0]) if is_project else self._issue(nodes[0])

        return _as_documented(read)

    def find(self, wanted: Wanted) -> Item | None:
        """Return what has the token as its id: Linear takes ids from the client."""
        return self.look(wanted.kind, wanted.token, {})

    def create(self, wanted: Wanted) -> Item:
        """Make an issue with its mark, or a project; dependencies are left to `update`."""
        self._make_labels(wanted.kind, wanted.fields)
        create = self._new_project if wanted.kind == "projects" else self._new_issue
        try:
            return create(wanted)
        except (ClashError, ForbiddenError, InvalidError, NotFoundError, PlanLimitError) as error:
            # It may be there from an earlier attempt, or be there and only lack its mark.
            found = self.find(wanted)
            if found is None:
                raise error from None
            return found

    def update(self, current: Item, changes: Mapping[str, Any]) -> Item:
        """Change fields in one request, after making labels that are new."""
        if current.state == "trashed":
            raise GoneError(
                f"{current.name} is in Linear's trash.", "Restore it there, or delete it here."
            )
        self._make_labels(current.kind, changes)
        change = change_project if current.kind == "projects" else change_issue
        mutation = self._worded(lambda: change(current, changes, self._team))
        if mutation.text:
            data = self._written(mutation)
            answer = mutation.answer
            if answer is not None:
                read = self._issue if current.kind == "tasks" else self._project
                return _as_documented(lambda: read(answer(data)))
        found = self.look(current.kind, current.key, current.kept)
        if found is None:
            raise NotFoundError(f"Linear does not have {current.name} any more.", "Sync again.")
        return found

    def delete(self, current: Item) -> None:
        """Put it into the trash, where Linear keeps it for 30 days."""
        is_project = current.kind == "projects"
        text = queries.DELETE_PROJECT if is_project else queries.DELETE_ISSUE
        if current.state == "trashed":
            return
        try:
            mutate(self.http, text, {"id": current.key})
        except NotFoundError:
            return

    def represent(self, kind: Kind, name: str, value: Any) -> Any:
        """Return what reading would give after writing a value."""
        return mapping.represent(kind, name, value, self._team)

    def _new_issue(self, wanted: Wanted) -> Item:
        fields, team = wanted.fields, self._team
        made = self._worded(lambda: mapping.inputs("tasks", fields, team))
        labels = self._worded(lambda: mapping.sets("tasks", fields, team)).added
        issue = {"id": wanted.token, "teamId": team.id, **_told(made), "labelIds": list(labels)}
        mark = {
            "issueId": wanted.token,
            "url": f"{queries.MARK}{wanted.id}",
            "title": wanted.id,
            "subtitle": "orchestrator",
        }
        data = mutate(self.http, queries.CREATE_ISSUE, {"issue": issue, "mark": mark})
        return _as_documented(lambda: self._issue(data["mark"]["attachment"]["issue"]))

    def _new_project(self, wanted: Wanted) -> Item:
        fields, team = wanted.fields, self._team
        made = self._worded(lambda: mapping.inputs("projects", fields, team))
        tags = self._worded(lambda: mapping.sets("projects", fields, team)).added
        project = {"id": wanted.token, "teamIds": [team.id], **_told(made), "labelIds": list(tags)}
        data = mutate(self.http, queries.CREATE_PROJECT, {"project": project})
        return _as_documented(lambda: self._project(data["projectCreate"]["project"]))

    def _written(self, mutation: Mutation) -> Mapping[str, Any]:
        return mutate(
            self.http, mutation.text, mutation.variables, is_repeatable=mutation.is_repeatable
        )

    def _make_labels(self, kind: Kind, changes: Mapping[str, Any]) -> None:
        """Make the labels that are missing; somebody may just have made them."""
        for name in mapping.unknown_labels(kind, changes, self._team):
            try:
                self._learned = self._with_label(kind, name)
            except (ClashError, InvalidError) as error:
                self._learn_again(kind)
                if name in mapping.unknown_labels(kind, changes, self._team):
                    raise InvalidError(
                        f"Linear has no label {name} , and does not let it be made: "
                        f"{error.message}",
                        "Choose another word, or make the label over there.",
                        field="labels" if kind == "tasks" else "tags",
                    ) from None

    def _with_label(self, kind: Kind, name: str) -> Team:
        team = self._team
        label = {"name": name} if kind == "projects" else {"name": name, "teamId": team.id}
        text = queries.CREATE_TAG if kind == "projects" else queries.CREATE_LABEL
        data = mutate(self.http, text, {"label": label}, is_repeatable=False)
        if kind == "projects":
            made = learning.labels_in([data["projectLabelCreate"]["projectLabel"]])
            return replace(team, tags=(*team.tags, *made))
        node = {**data["issueLabelCreate"]["issueLabel"], "team": {"id": team.id}}
        return replace(team, labels=(*team.labels, *learning.labels_in([node])))

    def _issue(self, node: Mapping[str, Any]) -> Item:
        self._meet_labels("tasks", node["labelIds"], self._team.label_names)
        return mapping.issue_item(node, listing.blockers(self.http, node), self._team)

    def _project(self, node: Mapping[str, Any]) -> Item:
        self._meet_labels("projects", node["labelIds"], self._team.tag_names)
        return mapping.project_item(node, self._team)

    def _meet_labels(self, kind: Kind, ids: list[str], known: Mapping[str, str]) -> None:
        strange = set(ids) - set(known) - self._strange
        if strange:
            # Once: a label of another team's stays strange.
            self._strange |= strange
            self._learn_again(kind)

    def _learn_again(self, kind: Kind) -> None:
        again = learning.labels_again if kind == "tasks" else learning.tags_again
        self._learned = again(self.http, self._team)

    def _worded(self, convert: Callable[[], _Result]) -> _Result:
        try:
            return convert()
        except mapping.UnwritableError as error:
            field_name, value = error.args
            raise InvalidError(
                f"Linear has nothing for the {field_name} {value} .",
                f"Map it in orchestrator.yaml, in the integration {self.tie.name} .",
                field=field_name,
            ) from None


def _told(made: Mapping[str, Any]) -> dict[str, Any]:
    """Return an input without what is empty anyway in something new."""
    return {name: value for name, value in made.items() if value is not None}


def _as_documented(read: Callable[[], _Result]) -> _Result:
    """Return what reading an answer gives.

    Raises:
        DriftError: The answer is not made as Linear's documentation says.
    """
    try:
        return read()
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise DriftError(
            f"Linear's answer is not as documented ({type(error).__name__}: {error}).",
            "Look for a newer release of orchestrator.",
        ) from None
