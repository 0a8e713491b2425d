"""SVG as text: shapes, words that fit, a legend, and the document around them.

Our own, because drawsvg would add a dependency and an object for each shape and still leave to us
what is hard here: fitting text, escaping it, dark pages, date axes and layout.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from orchestrator.view.pictures.palette import style_sheet

# Whatever XML 1.0 forbids, and the marks that turn the direction of the text around them.
_UNFIT = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
    "|[\x7f-\x9f]"
)
_SPACES = re.compile(r"[\s\u2028\u2029]+")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
# Widths in hundredths of the size, of the widest of the common system fonts.
_WIDTHS = {
    **dict.fromkeys("ijlI'|", 32), **dict.fromkeys('ft.,:;!/\\()[]{}" `', 40),
    **dict.fromkeys("r-", 43), **dict.fromkeys("cksvxyzJ?", 59),
    **dict.fromkeys("GOQDNHMw", 83), **dict.fromkeys("mW@%", 100), "…": 100,
}  # fmt: skip
_LOWER, _UPPER, _FULL = 64, 72, 115
_LEGEND_GAP, _SWATCH, _LEGEND_LINE = 18, 22, 20


class Drawn(NamedTuple):
    """A part of a picture.

    Attributes:
        svg: Its elements.
        height: In pixels.
    """

    svg: str
    height: float


def plain(text: str) -> str:
    """Return text in one line, with a sign for each character that no picture may hold."""
    return _UNFIT.sub("\ufffd", _SPACES.sub(" ", text))


def escape(text: str) -> str:
    """Return text as it can stand in XML, in one line, whatever it holds."""
    return plain(text).translate(_ESCAPES)


def number(value: float) -> str:
    """Return a number with at most two digits after the point, the same on every machine."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def text_width(text: str, size: float = 12) -> float:
    """Return about how wide text is, in pixels; rather too wide than too narrow."""
    return sum(map(_width, text)) * size / 100


def fit(text: str, width: float, size: float = 12) -> str:
    """Return text in one line, cut with `…` where it is wider than `width` pixels."""
    text = _SPACES.sub(" ", text).strip()
    left = width * 100 / size
    if sum(map(_width, text)) <= left:
        return text
    left -= _WIDTHS["…"]
    end = 0
    for end, char in enumerate(text):  # noqa: B007 - where the loop ends is the answer
        left -= _width(char)
        if left < 0:
            break
    kept = text[:end].rstrip()
    return f"{kept}…"


def tag(name: str, body: str | None = None, **attributes: str | float) -> str:
    """Return one element; `class_` is the attribute class, and `_` in a name is `-`."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="'
        f'{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
        if value != ""
    )
    return f"<{name}{shown}/>" if body is None else f"<{name}{shown}>{body}</{name}>"


def text(x: float, y: float, content: str, classes: str = "fill-ink") -> str:
    """Return a line of text whose base line is at `y`.

    Args:
        x: Its left end; with the class `middle` its middle, with `end` its right end.
        y: The base line.
        content: Any text; cut it with `fit` first.
        classes: Such as `fill-muted small strong end`.
    """
    return tag("text", escape(content), x=x, y=y, class_=classes)


def rect(x: float, y: float, width: float, height: float, classes: str, radius: float = 0) -> str:
    """Return a rectangle; a negative size is none."""
    return tag(
        "rect", x=x, y=y, width=max(width, 0), height=max(height, 0), rx=radius or "",
        class_=classes,
    )  # fmt: skip


def line(x1: float, y1: float, x2: float, y2: float, classes: str) -> str:
    """Return a straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=classes)


def path(commands: str, classes: str, **attributes: str) -> str:
    """Return a path of commands such as `M0 0L5 5`."""
    return tag("path", d=commands, class_=classes, **attributes)


def polyline(points: Sequence[tuple[float, float]], classes: str) -> str:
    """Return a line through points."""
    shown = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return tag("polyline", points=shown, class_=classes)


def circle(x: float, y: float, radius: float, classes: str) -> str:
    """Return a circle."""
    return tag("circle", cx=x, cy=y, r=radius, class_=classes)


def diamond(x: float, y: float, radius: float, classes: str) -> str:
    """Return a square on its corner."""
    r = number(radius)
    return path(f"M{number(x - radius)} {number(y)}l{r} -{r} {r} {r} -{r} {r}z", classes)


def group(body: str, title: str = "", x: float = 0, y: float = 0) -> str:
    """Return elements as one, moved by (x, y), with the words that show when it is pointed at."""
    moved = f"translate({number(x)} {number(y)})" if x or y else ""
    said = tag("title", escape(title)) if title else ""
    return tag("g", said + body, transform=moved)


def legend(items: Sequence[tuple[str, str]], x: float, y: float, width: float) -> Drawn:
    """Return the explanation of marks, in as many lines as it needs.

    Args:
        items: What each means, and the mark: elements in a box of 16 by 12 with (0, 0) top left.
        x: Left end.
        y: Top.
        width: How wide a line may be.
    """
    parts = []
    at, row = 0.0, 0
    for label, swatch in items:
        needed = _SWATCH + text_width(label, 11)
        if at and at + needed > width:
            at, row = 0.0, row + 1
        top = row * _LEGEND_LINE
        shown = swatch + text(_SWATCH, 10, label, "fill-muted small")
        parts.append(group(shown, x=x + at, y=y + top))
        at += needed + _LEGEND_GAP
    return Drawn("".join(parts), (row + 1) * _LEGEND_LINE if items else 0)


def document(width: float, height: float, title: str, description: str, body: str) -> str:
    """Return the whole file.

    Args:
        width: In pixels.
        height: In pixels.
        title: What the picture is called, for people who hear it and as the tip of its window.
        description: What it shows, in a sentence or two, for people who hear it.
        body: Elements.
    """
    head = (
        tag("title", escape(title), id="title")
        + tag("desc", escape(description), id="description")
        + tag("style", style_sheet())
    )
    page = rect(0, 0, width, height, "fill-paper")
    whole = tag(
        "svg", f"{head}\n{page}\n{body}\n",
        xmlns="http://www.w3.org/2000/svg", width=width, height=height,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img", aria_labelledby="title description",
    )  # fmt: skip
    return f"{whole}\n"


@lru_cache(maxsize=4096)
def _width(char: str) -> int:
    if char in _WIDTHS:
        return _WIDTHS[char]
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(char) in "WF" or char > "\uffff":
        return _FULL
    return _UPPER if char.isupper() else _LOWER
