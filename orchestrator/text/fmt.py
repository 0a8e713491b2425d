"""The canonical form of an existing file, with its comments kept beside what they speak of."""

from collections.abc import Sequence as Seq

from orchestrator.text.attach import Child, attach, children
from orchestrator.text.intent import EditError, same
from orchestrator.text.nodes import Comment, Mapping, Node, Scalar, Scan, Sequence, data, walk
from orchestrator.text.read import MAX_BYTES, read
from orchestrator.text.render import CANONICAL, Rendered, scalar, short_list, value_block
from orchestrator.text.scalars import block_text
from orchestrator.text.scan import scan

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def fmt(raw: bytes, order: Seq[str] = ()) -> str:
    """The canonical form of a file: the same data and comments, and one way to write them.

    Mends what only concerns encoding and layout: UTF-16, a BOM, CR and CRLF, tabs behind a colon,
    spaces at the ends of lines.

    Args:
        raw: The bytes of the file.
        order: Canonical order of the root's keys.

    Raises:
        EditError: The file cannot be read; `problems` says why.
    """
    text = _decoded(raw)
    if len(text) > MAX_BYTES:
        raise _refusal(text)
    scanned = scan(text)
    root = scanned.root
    if scanned.faults or not isinstance(root, Mapping):
        raise _refusal(text)
    writer = _Writer(scanned)
    writer.root(root, order)
    result = "\n".join(writer.lines) + "\n"
    doc = read("", result.encode())
    if isinstance(doc, list):  # what only concerns layout is mended; this does not
        raise _refusal(text)
    if not same(doc, data(root)) or _words(scan(result)) != _words(scanned):
        raise EditError("The file cannot be formatted without a change of what it says.")
    return result


def _refusal(text: str) -> EditError:
    found = read("", text.encode())
    if isinstance(found, list):
        return EditError(found[0].message, found[0].hint, found)
    return EditError("The file cannot be formatted.")


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-16" if raw[:2] in _UTF16 else "utf-8")
    except UnicodeDecodeError as error:
        found = read("", raw)
        problems = found if isinstance(found, list) else []
        raise EditError("The file is not UTF-8.", "Save it as UTF-8.", problems) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _words(scanned: Scan) -> list[str]:
    return sorted(_comment_text(scanned, comment) for comment in scanned.comments)


def _comment_text(scanned: Scan, comment: Comment) -> str:
    return scanned.text[comment.start : comment.end].rstrip()


def _block_ends(scanned: Scan) -> set[int]:
    """Numbers of the lines that end a block of text; white space there is part of what it says."""
    if scanned.root is None:
        return set()
    return {
        scanned.line_at(node.end)
        for node in walk(scanned.root)
        if isinstance(node, Scalar) and node.style in ("literal", "folded")
    }


class _Writer:
    """Writes canonical lines, and hands out the comments on the way."""

    def __init__(self, scanned: Scan) -> None:
        self.scanned = scanned
        self.comments = attach(scanned)
        self.lines: list[str] = []
        self.keeps_blank = False
        self.block_ends = _block_ends(scanned)

    def root(self, node: Mapping, order: Seq[str]) -> None:
        """Write the whole document, the keys of `order` first."""
        rank = {key: index for index, key in enumerate(order)}
        family = children(node)
        if family:
            self._file_head(family[0])
        else:
            self.lines.append("{}")
        family.sort(key=lambda child: rank.get(child.key or "", len(rank)))
        self._family(family, node.start, 0, "", keep_blanks=True)

    def _file_head(self, first: Child) -> None:
        """Write the comments at the head that a blank line sets apart: they speak of the file."""
        above = self.comments.above.get(first.start, [])
        places = [comment.start for comment in above] + [first.start]
        blank = [
            number for number, place in enumerate(places) if number and self._follows_blank(place)
        ]
        if blank:
            for comment in above[: blank[-1]]:
                self._own_line(comment, 0, may_blank=True)
            del above[: blank[-1]]
            self.lines.append("")

    def _family(
        self, family: list[Child], start: int, column: int, key: str, *, keep_blanks: bool
    ) -> None:
        """Write the children of one collection, and the comments that follow the last."""
        size = len(self.lines)
        for child in family:
            self._child(child, column, key, may_blank=keep_blanks or len(self.lines) > size)
        for comment in self.comments.below.get(start, []):
            self._own_line(comment, column, may_blank=True)

    def _child(self, child: Child, column: int, key: str, *, may_blank: bool) -> None:
        beside = self.comments.beside.get(child.start, [])
        above = [*self.comments.above.get(child.start, []), *beside[1:]]
        value = child.value
        name = key if child.key is None else child.key
        as_block = isinstance(value, Mapping | Sequence) and not self._is_short(value, name, column)
        if child.key is None and as_block:
            # The first line of the collection shares the line of the dash, so comments go above it.
            above = [*above, *beside[:1], *self._first_above(value)]
            beside = []
        for comment in above:
            self._own_line(comment, column, may_blank=may_blank)
            may_blank = True
        if may_blank:
            self._blank_before(child.start)
        self.keeps_blank = False
        note = f"  {_comment_text(self.scanned, beside[0])}" if beside else ""
        head = " " * column + ("-" if child.key is None else scalar(child.key) + ":")
        if as_block and isinstance(value, Mapping | Sequence):
            self._collection(value, child, head + note, column, name)
            return
        rendered = self._inline(value, name, column, is_item=child.key is None)
        self.lines.append(f"{head} {rendered.inline}{note}")
        self.lines += rendered.lines

    def _collection(
        self, value: Mapping | Sequence, child: Child, head: str, column: int, name: str
    ) -> None:
        if child.key is not None:
            self.lines.append(head)
            self._family(children(value), value.start, column + 2, name, keep_blanks=False)
            return
        at = len(self.lines)
        self._family(children(value), value.start, column + 2, name, keep_blanks=False)
        self.lines[at] = " " * column + "- " + self.lines[at].lstrip(" ")

    def _first_above(self, value: Node) -> list[Comment]:
        """Take away the comments above the first child, and above its first child in turn."""
        if not isinstance(value, Mapping | Sequence):
            return []
        first = children(value)[0]
        taken = self.comments.above.pop(first.start, [])
        beside = self.comments.beside.get(first.start, [])
        taken += beside[1:]
        del beside[1:]
        nested = isinstance(first.value, Mapping | Sequence) and not self._is_short(
            first.value, "", 0
        )
        if first.key is None and nested:
            taken += beside + self._first_above(first.value)
            beside.clear()
        return taken

    def _is_short(self, value: Mapping | Sequence, key: str, column: int) -> bool:
        """Whether a collection is written on one line: an empty one, or a short list of labels."""
        if not children(value):
            return True
        if isinstance(value, Mapping) or short_list(data(value), key, column) is None:
            return False
        return (
            not any(
                child.start in self.comments.above or child.start in self.comments.beside
                for child in children(value)
            )
            and value.start not in self.comments.below
        )

    def _inline(self, value: Node, key: str, column: int, *, is_item: bool) -> Rendered:
        if isinstance(value, Scalar):
            if value.style in ("literal", "folded"):
                block = self._reindented(value, column + 2)
                if block is not None:
                    return block
            if value.style == "plain" and isinstance(value.value, str) and "\n" not in value.text:
                return Rendered(scalar(value.text, key, plain_date=True), [])
        return value_block(data(value), key, column, CANONICAL, in_item=is_item)

    def _reindented(self, value: Scalar, column: int) -> Rendered | None:
        """A block of text with its own rows at another column; None where that does not keep it."""
        header, *rows = self.scanned.text[value.start : value.end].split("\n")
        marks = header.split(" ", 1)[0].split("\t", 1)[0].rstrip()
        chomp = "-" if "-" in marks else "+" if "+" in marks else ""
        folded = marks[0] == ">"
        depth = next((d for d in range(1, 64) if self._fits(value, rows, d, chomp)), None)
        if depth is None or not value.text.strip("\n"):
            return None
        rows = [row[depth:] for row in rows]
        if block_text(rows, 0, chomp, folded=folded) != value.text:
            return None
        first = next((row for row in rows if row), "")
        # Without it, white space in front of the text would pass for its indentation.
        indicator = "2" if first.startswith((" ", "\t")) else ""
        self.keeps_blank = chomp == "+"
        pad = " " * column
        return Rendered(f"{marks[0]}{indicator}{chomp}", [pad + row if row else "" for row in rows])

    @staticmethod
    def _fits(value: Scalar, rows: list[str], depth: int, chomp: str) -> bool:
        """Whether the rows, taken from this column on, say what the scalar says."""
        if any(row[:depth].strip(" ") for row in rows):
            return False
        return (
            block_text([row[depth:] for row in rows], 0, chomp, folded=value.style == "folded")
            == value.text
        )

    def _own_line(self, comment: Comment, column: int, *, may_blank: bool) -> None:
        if may_blank:
            self._blank_before(comment.start)
        self.keeps_blank = False
        self.lines.append(" " * column + _comment_text(self.scanned, comment))

    def _blank_before(self, offset: int) -> None:
        """Keep one blank line where the old text had any, unless that would add to a block."""
        if self.lines and self.lines[-1] and not self.keeps_blank and self._follows_blank(offset):
            self.lines.append("")

    def _follows_blank(self, offset: int) -> bool:
        """Whether `offset` begins its line, and a blank line stands above it."""
        number = self.scanned.line_at(offset)
        start = self.scanned.lines[number]
        text = self.scanned.text
        if not number or text[start:offset].strip(" ") or number - 1 in self.block_ends:
            return False
        # A no-break space and its like are text, not layout.
        return not text[self.scanned.lines[number - 1] : start].strip(" \t\n")
