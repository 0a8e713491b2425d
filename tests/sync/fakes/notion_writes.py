"""What Notion does with the properties of a page that somebody sends, and what it refuses."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.sync.fakes.notion_rows import Book, Page, Property, Table


class RefusedError(Exception):
    """An answer that is an error: its status, sentence and code."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def write(book: Book, table: Table, row: Page, properties: Mapping[str, Any]) -> None:
    """Set properties, by name or id; those that are not there stay. All are judged first."""
    todo: list[Callable[[], None]] = []
    for key, sent in properties.items():
        found = table.find(key)
        if found is None:
            raise RefusedError(400, f"{key} is not a property that exists.")
        name, prop = found
        if prop.type not in sent or set(sent) - {prop.type, "type"}:
            raise RefusedError(400, f"{name} is expected to be {prop.type}.")
        value = _value(book, name, prop, sent[prop.type])
        todo.append(_setting(book, table, row, prop, value))
    for each in todo:
        each()


def _setting(book: Book, table: Table, row: Page, prop: Property, value: Any) -> Callable[[], None]:
    def carry_out() -> None:
        if prop.type == "relation":
            book.relate(row, prop, value)
            return
        row.values[prop.id] = value
        if prop.type in {"select", "multi_select"}:
            _learn(table, prop, value if isinstance(value, list) else [value])

    return carry_out


def _learn(table: Table, prop: Property, names: list[str | None]) -> None:
    """An option that nobody knew is made."""
    name, now = next(
        (each, known) for each, known in table.properties.items() if known.id == prop.id
    )
    known = {option for option, _ in now.options}
    new = tuple((option, 0) for option in names if option and option not in known)
    table.properties[name] = now._replace(options=now.options + new)


def _value(book: Book, name: str, prop: Property, sent: Any) -> Any:
    if isinstance(sent, list) and len(sent) > 100:
        raise RefusedError(400, f"body.properties.{name}.length should be ≤ `100`")
    match prop.type:
        case "title" | "rich_text":
            return _text(name, sent)
        case "status":
            names = {option for option, _ in prop.options}
            if sent is not None and sent.get("name") not in names:
                raise RefusedError(
                    400, f'Status option "{sent.get("name")}" does not exist for {name}.'
                )
            return sent and sent["name"]
        case "select":
            return None if sent is None else _option(name, sent["name"])
        case "multi_select":
            return [_option(name, each["name"]) for each in sent]
        case "people":
            known = {user["id"] for user in book.users.values()}
            lost = [each["id"] for each in sent if each["id"] not in known]
            if lost:
                raise RefusedError(404, f"Could not find user with ID: {lost[0]}.")
            return [each["id"] for each in sent]
        case "relation":
            lost = [
                each["id"]
                for each in sent
                if each["id"] not in book.pages or book.pages[each["id"]].table != prop.target
            ]
            if lost:
                raise RefusedError(404, f"Could not find page with ID: {lost[0]}.")
            return [each["id"] for each in sent]
        case "number":
            if sent is not None and (isinstance(sent, bool) or not isinstance(sent, int | float)):
                raise RefusedError(400, f"{name} is expected to be number.")
            return sent
        case "date":
            return _date(name, sent)
        case _:
            return sent


def _text(name: str, sent: list[dict[str, Any]]) -> str:
    pieces = [each["text"]["content"] for each in sent]
    for at, piece in enumerate(pieces):
        if len(piece.encode("utf-16-le")) > 4000:
            raise RefusedError(
                400,
                f"body failed validation: body.properties.{name}[{at}].text.content.length should "
                "be ≤ `2000`",
            )
    return "".join(pieces)


def _option(name: str, option: str) -> str:
    if "," in option or not option or len(option) > 100:
        raise RefusedError(400, f"Invalid select option for {name}, commas not allowed: {option}")
    return option


def _date(name: str, sent: dict[str, Any] | None) -> dict[str, Any] | None:
    if sent is None:
        return None
    start, end = sent["start"], sent.get("end")
    if end is not None and (len(start) != len(end) or end < start):
        raise RefusedError(400, f"{name}: end date must come after start date.")
    return {"start": start, "end": end, "time_zone": sent.get("time_zone")}
