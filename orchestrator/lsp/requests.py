"""What an editor asks, and the function that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lsprotocol import types

from orchestrator.lsp.actions import FIX_ALL, Wish, actions
from orchestrator.lsp.completion import completions
from orchestrator.lsp.editor import Editor, Spot
from orchestrator.lsp.edits import Powers
from orchestrator.lsp.formatting import formatted
from orchestrator.lsp.hover import hover
from orchestrator.lsp.lens import lenses
from orchestrator.lsp.names import declared, named_at, references
from orchestrator.lsp.outline import document_symbols, folding, workspace_symbols
from orchestrator.lsp.rename import renamable, renamed
from orchestrator.model.snapshot import Snapshot
from orchestrator.verbs.refuse import unknown


@dataclass
class Desk:
    """What questions are about.

    Attributes:
        editor: What is open.
        clock: Tells the time.
        powers: What the client can do with files.
        folders: What it has open at the start, by URI.
    """

    editor: Editor
    clock: Callable[[], datetime]
    powers: Powers = field(default_factory=Powers)
    folders: list[str] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.clock()

    def uri_of(self, task_id: str) -> str:
        """Return where a task is.

        Raises:
            ImpossibleError: There is none in any workspace that is open.
        """
        for plan in self.editor.plans.values():
            if (found := declared(plan, "tasks", task_id)) is not None:
                return found.uri
        raise unknown(Snapshot(), "tasks", task_id)

    def spot(self, params: Any) -> tuple[Spot, int] | None:
        """Return the file and the offset that a question is about; None outside of workspaces."""
        spot = self.editor.find(params.text_document.uri)
        if spot is None:
            return None
        return spot, spot.plan.lines(spot.path).offset(params.position)


def _completion(desk: Desk, params: types.CompletionParams) -> types.CompletionList | None:
    found = desk.spot(params)
    return None if found is None else completions(*found[0], found[1])


def _hover(desk: Desk, params: types.HoverParams) -> types.Hover | None:
    found = desk.spot(params)
    return None if found is None else hover(*found[0], found[1], desk.now.date())


def _definition(desk: Desk, params: types.DefinitionParams) -> types.Location | None:
    if (found := desk.spot(params)) is None:
        return None
    (plan, path), offset = found
    named = named_at(path, plan.lines(path), offset)
    return None if named is None else declared(plan, named.kind, named.id)


def _references(desk: Desk, params: types.ReferenceParams) -> list[types.Location] | None:
    if (found := desk.spot(params)) is None:
        return None
    (plan, path), offset = found
    named = named_at(path, plan.lines(path), offset)
    if named is None:
        return None
    own = declared(plan, named.kind, named.id) if params.context.include_declaration else None
    return [*([own] if own else []), *references(plan, named.kind, named.id)]


def _prepare_rename(desk: Desk, params: types.PrepareRenameParams) -> types.Range | None:
    found = desk.spot(params)
    return None if found is None else renamable(*found[0], found[1])


def _rename(desk: Desk, params: types.RenameParams) -> types.WorkspaceEdit | None:
    found = desk.spot(params)
    if found is None:
        return None
    return renamed(*found[0], found[1], params.new_name, desk.powers)


def _actions(desk: Desk, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    spot = desk.editor.find(params.text_document.uri)
    if spot is None:
        return None
    lines = spot.plan.lines(spot.path)
    only = params.context.only
    wish = Wish(
        lines.offset(params.range.start),
        lines.offset(params.range.end),
        None if only is None else [getattr(kind, "value", kind) for kind in only],
        params.context.diagnostics,
    )
    return list(actions(*spot, wish, desk.powers, desk.now))


def _formatting(desk: Desk, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    spot = desk.editor.find(params.text_document.uri)
    return None if spot is None else formatted(*spot)


def _symbols(desk: Desk, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
    spot = desk.editor.find(params.text_document.uri)
    return None if spot is None else document_symbols(spot.plan.lines(spot.path))


def _folding(desk: Desk, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    spot = desk.editor.find(params.text_document.uri)
    return None if spot is None else folding(spot.plan.lines(spot.path))


def _lenses(desk: Desk, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    spot = desk.editor.find(params.text_document.uri)
    return None if spot is None else list(lenses(*spot))


def _workspace_symbols(
    desk: Desk, params: types.WorkspaceSymbolParams
) -> list[types.WorkspaceSymbol]:
    plans = desk.editor.plans.values()
    return [item for plan in plans for item in workspace_symbols(plan, params.query)]


REQUESTS: Mapping[str, tuple[Callable[[Desk, Any], Any], Any]] = {
    types.TEXT_DOCUMENT_COMPLETION: (
        _completion,
        types.CompletionOptions(trigger_characters=[":", " ", "-", "[", ",", '"', "'"]),
    ),
    types.TEXT_DOCUMENT_HOVER: (_hover, None),
    types.TEXT_DOCUMENT_DEFINITION: (_definition, None),
    types.TEXT_DOCUMENT_REFERENCES: (_references, None),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (_prepare_rename, None),
    types.TEXT_DOCUMENT_RENAME: (_rename, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        _actions,
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL],
        ),
    ),
    types.TEXT_DOCUMENT_FORMATTING: (_formatting, None),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (_symbols, None),
    types.TEXT_DOCUMENT_FOLDING_RANGE: (_folding, None),
    types.TEXT_DOCUMENT_CODE_LENS: (_lenses, None),
    types.WORKSPACE_SYMBOL: (_workspace_symbols, None),
}
"""By method: the function, and what it tells the client of itself."""
