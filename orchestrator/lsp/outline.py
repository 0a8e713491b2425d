"""The shape of a file and of a plan: symbols, and what can be folded away."""

from collections.abc import Iterator

from lsprotocol.types import (
    DocumentSymbol,
    FoldingRange,
    FoldingRangeKind,
    Location,
    Position,
    Range,
    SymbolKind,
    WorkspaceSymbol,
)

from orchestrator.lsp.plan import LivePlan
from orchestrator.lsp.positions import Lines
from orchestrator.lsp.words import one_line
from orchestrator.model.places import Kind
from orchestrator.model.vocabulary import DONE
from orchestrator.text.nodes import Mapping, Node, Scalar, Scan, Sequence, walk
from orchestrator.text.read import MAX_BYTES
from orchestrator.text.scan import scan
from orchestrator.view.ready import urgency
from orchestrator.view.search import fold, read_query, score_of

_MOST = 200
_DETAIL = 80
_DEEPEST = 3
_TOP = Range(Position(0, 0), Position(0, 0))


def document_symbols(lines: Lines) -> list[DocumentSymbol]:
    """Return the keys of a file, and what is below them; of a broken file, those that are right."""
    root = _scanned(lines).root
    return list(_symbols(lines, root, 1)) if isinstance(root, Mapping) else []


def folding(lines: Lines) -> list[FoldingRange]:
    """Return what can be folded away in a file: collections, long texts, blocks of comments."""
    scanned = _scanned(lines)
    found: dict[tuple[int, int], FoldingRange] = {}
    for node in walk(scanned.root) if scanned.root else ():
        entries = node.entries if isinstance(node, Mapping) else ()
        spans = [(entry.key.start, entry.value.end) for entry in entries]
        if isinstance(node, Sequence):
            spans += [(item.dash, item.value.end) for item in node.items]
        for start, end in spans:
            first, last = lines.position(start).line, lines.position(max(start, end - 1)).line
            if last > first:
                found[first, last] = FoldingRange(first, last)
    for first, last in _comments(scanned, lines):
        found[first, last] = FoldingRange(first, last, kind=FoldingRangeKind.Comment)
    return [found[key] for key in sorted(found)]


def workspace_symbols(plan: LivePlan, query: str) -> list[WorkspaceSymbol]:
    """Return the tasks, projects and people in whose id or name all words of a query are.

    The best come first; of a query without words, the most urgent open tasks.
    """
    words = read_query(query)
    tasks = plan.snapshot.tasks
    ranked: list[tuple[float, tuple[int, str, str, str], str]] = []
    for task_id, folded, title in plan.around.names:
        task = tasks[task_id]
        if task.get("deleted_at"):
            continue
        score, missing = score_of([("id", folded), ("title", title)], words) if words else (0.0, 0)
        if not missing:
            score += task.get("status") not in DONE
            ranked.append((-score, urgency(task_id, task), task_id))
    ranked.sort()
    found = [_symbol(plan, "tasks", task_id) for _, _, task_id in ranked[:_MOST]]
    others: tuple[Kind, ...] = ("projects", "users")
    for kind in others:
        for entity_id, document in plan.snapshot.entities(kind).items():
            name = fold(f"{entity_id} {document.get('title') or document.get('name') or ''}")
            if words and all(word in name for word in words):
                found.append(_symbol(plan, kind, entity_id))
    return found


def _symbol(plan: LivePlan, kind: Kind, entity_id: str) -> WorkspaceSymbol:
    document = plan.snapshot.entities(kind)[entity_id]
    title = one_line(document.get("title") or document.get("name") or "")
    uri = plan.uri_of(plan.snapshot.path_of(kind, entity_id))
    shape = {"tasks": SymbolKind.Object, "projects": SymbolKind.Module}.get(kind, SymbolKind.Class)
    holder = str(document.get("project") or kind)
    return WorkspaceSymbol(Location(uri, _TOP), f"{entity_id} {title}", shape, None, None, holder)


def _symbols(lines: Lines, node: Node, depth: int) -> Iterator[DocumentSymbol]:
    if depth > _DEEPEST:
        return
    if isinstance(node, Mapping):
        for entry in node.entries:
            span = (entry.key.start, max(entry.key.end, entry.value.end))
            selection = (entry.key.start, entry.key.end)
            yield _document_symbol(lines, entry.key.text, entry.value, span, selection, depth)
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            if isinstance(item.value, Scalar):
                continue
            span = (item.dash, max(item.dash, item.value.end))
            selection = (item.dash, item.dash)
            yield _document_symbol(lines, f"[{number}]", item.value, span, selection, depth)


def _document_symbol(
    lines: Lines, name: str, value: Node, span: tuple[int, int], chosen: tuple[int, int], depth: int
) -> DocumentSymbol:
    match value:
        case Mapping():
            kind, detail = SymbolKind.Object, ""
        case Sequence():
            kind, detail = SymbolKind.Array, f"{len(value.items)}"
        case _:
            kind, detail = SymbolKind.Field, one_line(value.text, _DETAIL)
    return DocumentSymbol(
        name=one_line(name) or '""',
        kind=kind,
        range=lines.range(*span),
        selection_range=lines.range(*chosen),
        detail=detail or None,
        children=list(_symbols(lines, value, depth + 1)) or None,
    )


def _comments(scanned: Scan, lines: Lines) -> Iterator[tuple[int, int]]:
    """Yield the first and last lines of comments that stand together."""
    rows = [lines.position(item.start).line for item in scanned.comments if item.own_line]
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] != rows[at - 1] + 1:
            if at - start > 1:
                yield rows[start], rows[at - 1]
            start = at


def _scanned(lines: Lines) -> Scan:
    """Return the tree of a text; of one that is too large to be read, an empty one."""
    return scan(lines.text if len(lines.text) <= MAX_BYTES else "")
