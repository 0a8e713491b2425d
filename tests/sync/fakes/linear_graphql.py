"""GraphQL over rows: schema, strict scalars, points, filters, pages and links between rows."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    build_schema,
    get_named_type,
    parse,
    validate,
)

SCHEMAS = "ORCHESTRATOR_VENDOR_SCHEMAS"
LARGEST_PAGE = 250
_PAGE = 50

Row = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One page of a connection."""

    nodes: list[Row]
    has_next: bool
    has_previous: bool = False

    def field(self, name: str) -> Any:
        match name:
            case "nodes":
                return self.nodes
            case "edges":
                return [{"cursor": row["id"], "node": row} for row in self.nodes]
            case "pageInfo":
                return {
                    "hasNextPage": self.has_next,
                    "hasPreviousPage": self.has_previous,
                    "startCursor": self.nodes[0]["id"] if self.nodes else None,
                    "endCursor": self.nodes[-1]["id"] if self.nodes else None,
                }
            case _:
                return 0


def refused(message: str, kind: str = "invalid input", **more: Any) -> GraphQLError:
    """An error as Linear words it: kinds as in its client's table."""
    code = {
        "invalid input": "INPUT_ERROR",
        "authentication error": "AUTHENTICATION_ERROR",
        "ratelimited": "RATELIMITED",
        "forbidden": "FORBIDDEN",
        "graphql error": "GRAPHQL_VALIDATION_FAILED",
        "usage limit exceeded": "USAGE_LIMIT_EXCEEDED",
    }.get(kind, "INTERNAL_SERVER_ERROR")
    extensions = {
        "type": kind, "code": code, "statusCode": 400, "userError": True,
        "userPresentableMessage": message, **more,
    }  # fmt: skip
    return GraphQLError(message, extensions=extensions)


def vendor_schema(name: str) -> Path | None:
    """Return a schema file of the vendor's, where the environment says that there is one."""
    folder = os.environ.get(SCHEMAS)
    path = Path(folder) / "linear" / name if folder else None
    return path if path is not None and path.is_file() else None


@lru_cache(maxsize=4)
def schema_of(path: Path) -> GraphQLSchema:
    """Return a schema whose scalars refuse what is none of theirs."""
    schema = build_schema(path.read_text(encoding="utf-8"))
    strict = {
        "TimelessDate": r"\d{4}-\d\d-\d\d",
        "DateTime": r"\d{4}-\d\d-\d\dT.*",
        "DateTimeOrDuration": r"\d{4}-\d\d-\d\d(T.*)?|-?P.+",
        "UUID": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    }
    for name, pattern in strict.items():
        kind = schema.type_map.get(name)
        if isinstance(kind, GraphQLScalarType):
            kind.parse_value = kind.coerce_input_value = _strict(name, pattern)  # type: ignore[method-assign,assignment]
    return schema


def _strict(name: str, pattern: str) -> Callable[[Any], Any]:
    def judge(value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise GraphQLError(f"{name} cannot represent value: {value!r}")
        if name in {"TimelessDate", "DateTime"}:
            try:
                datetime.fromisoformat(value)
            except ValueError as error:
                raise GraphQLError(f"{name} cannot represent value: {value!r}") from error
        return value

    return judge


@lru_cache(maxsize=256)
def judged(path: Path, text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Return a document and what the schema says against it."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema_of(path), document))


def points(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> float:
    """Return what a query costs: 0.1 a field, 1 an object, connections times their page size."""
    parts = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }

    def of(selections: SelectionSetNode, kind: Any) -> float:
        total = 0.0
        for each in selections.selections:
            match each:
                case FragmentSpreadNode():
                    total += of(parts[each.name.value].selection_set, kind)
                case InlineFragmentNode():
                    total += of(each.selection_set, kind)
                case FieldNode() if each.selection_set is None:
                    total += 0.1
                case FieldNode(selection_set=SelectionSetNode() as inside):
                    below = get_named_type(kind.fields[each.name.value].type)
                    times = _times(each, variables) if below.name.endswith("Connection") else 1
                    total += 1 + times * of(inside, below)
                case _:
                    raise AssertionError(each)
        return total

    roots = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return sum(of(each.selection_set, schema.get_root_type(each.operation)) for each in roots)


def _times(field: FieldNode, variables: Mapping[str, Any]) -> int:
    for argument in field.arguments or ():
        if argument.name.value in {"first", "last"}:
            match argument.value:
                case IntValueNode(value=value):
                    return int(value)
                case VariableNode(name=name):
                    return int(variables.get(name.value) or _PAGE)
                case _:
                    break
    return _PAGE


def empty(kind: Any) -> Any:
    """Return what stands in a field that no row of the fake has."""
    if not isinstance(kind, GraphQLNonNull):
        return None
    inner = kind.of_type
    if isinstance(inner, GraphQLList):
        return []
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    if isinstance(inner, GraphQLObjectType):
        return Page([], has_next=False) if inner.name.endswith("Connection") else {}
    return {
        "String": "", "Boolean": False, "Int": 0, "Float": 0.0, "JSONObject": {},
        "DateTime": "2026-01-01T00:00:00.000Z", "ID": "",
    }.get(inner.name, "")  # fmt: skip


def compare(value: Any, comparator: Mapping[str, Any]) -> bool:
    """Return whether a value fits a comparator; case counts, as it does at Linear."""
    return all(_compare(value, name, wanted) for name, wanted in comparator.items())


def _compare(value: Any, name: str, wanted: Any) -> bool:
    match name:
        case "eq":
            return bool(value == wanted)
        case "neq":
            return bool(value != wanted)
        case "in":
            return bool(value in wanted)
        case "nin":
            return bool(value not in wanted)
        case "null":
            return bool((value is None) == wanted)
        case "contains":
            return value is not None and bool(wanted in value)
        case "startsWith":
            return value is not None and bool(value.startswith(wanted))
        case "eqIgnoreCase":
            return value is not None and bool(value.casefold() == wanted.casefold())
        case "gt" | "gte" | "lt" | "lte":
            if value is None:
                return False
            if isinstance(value, str):
                value, wanted = datetime.fromisoformat(value), datetime.fromisoformat(wanted)
            fits = {"gt": value > wanted, "gte": value >= wanted, "lt": value < wanted}
            return bool(fits.get(name, value <= wanted))
        case _:
            raise refused(f"this fake does not compare with {name}", "internal error")


def paged(rows: list[Row], arguments: Mapping[str, Any], largest: int | None) -> Page:
    """Return one page of rows, newest first as Linear sorts them.

    Args:
        rows: That fit.
        arguments: first, after, last, before, orderBy, includeArchived.
        largest: Rows that a page holds at most, for tests with few rows.
    """
    first, last = arguments.get("first"), arguments.get("last")
    for number in (first, last):
        if number is not None and not 1 <= number <= LARGEST_PAGE:
            raise refused("Argument Validation Error: first must be from 1 to 250")
    if not arguments.get("includeArchived"):
        rows = [row for row in rows if not row.get("archivedAt")]
    by = arguments.get("orderBy") or "createdAt"
    rows = sorted(rows, key=lambda row: (row.get(by) or "", row["id"]), reverse=True)
    size = min(first or last or _PAGE, largest or LARGEST_PAGE)
    places = {row["id"]: place for place, row in enumerate(rows)}
    if last is not None or arguments.get("before"):
        end = places.get(arguments.get("before") or "", len(rows))
        start = max(0, end - size)
        return Page(rows[start:end], end < len(rows), start > 0)
    after = arguments.get("after")
    if after is not None and after not in places:
        raise refused("Argument Validation Error: after is no cursor of this list")
    start = places[after] + 1 if after is not None else 0
    return Page(rows[start : start + size], start + size < len(rows), start > 0)
