"""What Linear rewrites in a description is no change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sync.remotes.linear.description import normal
from tests.sync.fakes.linear_markdown import rewritten

WRITTEN = """\
# Capture

Take the money   
before it is sent:
- ask the bank
  - twice, see [the page](https://example.com/a)
- write to dana@example.com

   A line that is indented.
1. one
2. two, at example.com


```python
x = [a](b)   
* not a bullet
```
More at https://example.com/b?c=d.
"""  # noqa: W291 - blanks at the end of a line are what this is about


def test_what_was_written_equals_what_comes_back() -> None:
    back = rewritten(WRITTEN)
    assert back is not None
    assert back != WRITTEN
    assert normal(back) == normal(WRITTEN)
    assert rewritten(back) == back


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("* a\n* b", "- a\n- b"),
        ("+ a\n   + b", "- a\n   - b"),
        ("text\n\n* a\n\n* b", "text\n- a\n- b"),
        ("text\n\n1. a", "text\n1. a"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a  \nb\t", "a\nb"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("\n\na\n\n", "a"),
        ("   a", "a"),
        ("    code", "    code"),
        ("[a](<https://b.example>)", "[a](https://b.example)"),
        ("[https://a.example](<https://a.example>)", "https://a.example"),
        ("[a.com](<http://a.com>) and [b.com](https://b.com/)", "a.com and b.com"),
        ("[d@e.com](<mailto:d@e.com>)", "d@e.com"),
        ("![a.png](a.png)", "![a.png](a.png)"),
        ("[a](<b c>)", "[a](<b c>)"),
        ("* * *", "---"),
        ("**bold** *and*", "**bold** *and*"),
        ("```\n* a  \n\n\n\nb\n```", "```\n* a  \n\n\n\nb\n```"),
        ("", None),
        (" \n ", None),
        (None, None),
    ],
)
def test_one_text_has_one_form(text: str | None, plain: str | None) -> None:
    assert normal(text) == plain


PIECES = st.sampled_from(
    ["a", " ", "\n", "\n\n", "* ", "- ", "1. ", "  ", "```\n", "[a](b)", "[", "](", "<", ">", ")",
     "https://a.example/b", "[a.com](http://a.com)", "d@e.com", "***", "---", "\r\n", "\t", "é"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_form_of_a_form_is_itself(text: str) -> None:
    once = normal(text)
    assert normal(once) == once


LINES = st.lists(
    st.sampled_from(
        ["", "text", "- a", "- b", "1. c", "  - nested", "see https://a.example/b.", "# Title",
         "write to d@e.com", "[a](https://b.example)", "  indented", "**bold**", "x.com"]
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


@given(LINES)
def test_rewriting_changes_no_form(text: str) -> None:
    assert normal(rewritten(text)) == normal(text)


def test_a_long_text_takes_no_long_time() -> None:
    for text in ("[" * 50_000, "[a](" * 20_000, "* " * 50_000, "> " * 50_000, "`" * 100_000):
        assert normal(text) is not None
