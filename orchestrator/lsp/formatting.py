"""The canonical form of a file, as the edits that lead to it."""

from lsprotocol.types import TextEdit

from orchestrator.lsp.edits import text_edits
from orchestrator.lsp.overlay import placed
from orchestrator.lsp.plan import LivePlan
from orchestrator.model.fields import FIELDS
from orchestrator.text.fmt import fmt


def formatted(plan: LivePlan, path: str) -> list[TextEdit]:
    """Return the edits that give a file its canonical form; none of a file that holds no entity.

    Raises:
        EditError: The file cannot be read.
    """
    place = placed(path)
    if place is None:
        return []
    lines = plan.lines(path)
    raw = lines.text.encode("utf-8", "surrogatepass")
    return text_edits(lines, fmt(raw, FIELDS[place.kind]))
