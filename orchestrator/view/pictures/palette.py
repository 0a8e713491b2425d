"""The colours of pictures, for light and dark pages, and the style sheet made of them.

They come from the set of Okabe and Ito, which people with any colour vision can tell apart, made
darker or lighter until text has a contrast of 4.5 and shapes have 3 against the page.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Tone(NamedTuple):
    """One colour, as `#rrggbb`, on a light and on a dark page."""

    light: str
    dark: str


TEXT_TONES: Mapping[str, Tone] = {
    "ink": Tone("#1f2328", "#e6edf3"),
    "muted": Tone("#57606a", "#9aa4af"),
    "late": Tone("#b42318", "#ff9b8a"),
    "today": Tone("#6639ba", "#b69bf5"),
}
"""For text: readable on `paper` and `panel`."""

SHAPE_TONES: Mapping[str, Tone] = {
    "todo": Tone("#6e7781", "#8b949e"),
    "in_progress": Tone("#0072b2", "#56b4e9"),
    "in_review": Tone("#a8518a", "#d68fb8"),
    "blocked": Tone("#c75000", "#f08c3c"),
    "completed": Tone("#00805d", "#2fbf94"),
    "cancelled": Tone("#818b96", "#7d8590"),
    "critical": Tone("#b42318", "#ff9b8a"),
    "edge": Tone("#818b96", "#7d8590"),
    "series-1": Tone("#0072b2", "#56b4e9"),
    "series-2": Tone("#c75000", "#f08c3c"),
    "series-3": Tone("#00805d", "#2fbf94"),
    "series-4": Tone("#a8518a", "#d68fb8"),
    "series-5": Tone("#6e7781", "#8b949e"),
    "series-6": Tone("#8a6d00", "#e0c341"),
}
"""For shapes: statuses, marks and the lines of charts; distinct from the page."""

GROUND_TONES: Mapping[str, Tone] = {
    "paper": Tone("#ffffff", "#0d1117"),
    "panel": Tone("#f3f5f7", "#1a212a"),
    "rule": Tone("#d8dee4", "#30363d"),
}
"""For what lies beneath: the page, stripes and boxes on it, and lines that only guide the eye."""

TONES: Mapping[str, Tone] = {**GROUND_TONES, **TEXT_TONES, **SHAPE_TONES}

FONT = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,'
    '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'
)


def style_sheet() -> str:
    """Return the CSS: `.fill-TONE` and `.line-TONE` for every tone, dark where the page is dark."""
    light = "".join(_rules(name, tone.light) for name, tone in TONES.items())
    dark = "".join(_rules(name, tone.dark) for name, tone in TONES.items())
    light += f".halo{{stroke:{TONES['paper'].light}}}"
    dark += f".halo{{stroke:{TONES['paper'].dark}}}"
    return (
        f"text{{font-family:{FONT};font-size:12px}}"
        ".strong{font-weight:600}.small{font-size:11px}.large{font-size:16px}"
        ".middle{text-anchor:middle}.end{text-anchor:end}"
        ".soft{opacity:.4}.thick{stroke-width:2}.dashed{stroke-dasharray:4 3}"
        ".halo{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}"
        f"{light}@media (prefers-color-scheme:dark){{{dark}}}"
    )


def _rules(name: str, color: str) -> str:
    return f".fill-{name}{{fill:{color}}}.line-{name}{{stroke:{color};fill:none}}"
