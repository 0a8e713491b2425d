"""The styles in which people write files; `styled` runs a test once for each."""
# ruff: noqa: E501, RUF001  # tables of texts, one a line

import textwrap

import pytest


def _text(block: str) -> str:
    return textwrap.dedent(block).removeprefix("\n")


STYLES: dict[str, str] = {
    "canonical": _text("""
        id: PAY-7K3F
        title: Retry the capture
        status: todo
        labels: [ledger, retry]
        dependencies:
          - PAY-1
          - PAY-2
        description: |
          First line.

          * item **bold** & more
        due_date: 2026-02-03
        estimated_minutes: 90
        external_ids:
          linear: PAY-12
        """),
    "unindented sequences": "id: A-1\ndependencies:\n- A-2\n- A-3\nstatus: todo\n",
    "indented sequences": "id: A-1\ndependencies:\n    - A-2\n    - A-3\nstatus: todo\n",
    "aligned values": "id:       A-1\ntitle:    One thing\nstatus:   todo\npriority: high\n",
    "flow lists": "id: A-1\nlabels: [a, b, c]\ndependencies: [ A-2,A-3 ]\nstatus: todo\n",
    "flow mapping": "id: A-1\nexternal_ids: { linear: X-1, jira: Y }\nstatus: todo\n",
    "multi-line flow list": "id: A-1\nlabels: [\n  a,\n  b,\n  c,\n]\nstatus: todo\n",
    "multi-line flow list with comments": (
        "id: A-1\nlabels: [ # all\n  a, # about a\n  b, # about b\n  c # about c\n]\nstatus: todo\n"
    ),
    "multi-line flow mapping": "id: A-1\ntests: {\n  unit: [a, b],\n  security: [],\n  }\nstatus: todo\n",
    "wrapped flow list": "id: A-1\nlabels: [one, two,\n  three, four,\n  five]\nstatus: todo\n",
    "flow root": "{id: A-1, title: One thing, labels: [a, b], n: 3}\n",
    "flow root over lines": '{\n  "id": "A-1",\n  "title": "One",\n  "labels": ["a", "b"],\n  "n": null\n}\n',
    "JSON": '{"id":"A-1","title":"One","labels":["a","b"],"deep":{"x":1,"y":[true,null]}}',
    "CRLF": "id: A-1\r\ntitle: One\r\nlabels:\r\n  - a\r\n  - b\r\ndescription: |\r\n  x\r\n  y\r\nstatus: todo\r\n",
    "BOM": "\ufeffid: A-1\ntitle: One\nstatus: todo\n",
    "BOM and CRLF": "\ufeff# head\r\nid: A-1\r\ntitle: One\r\nlabels: [a]\r\n",
    "document start": "---\nid: A-1\ntitle: One\nlabels:\n- a\n",
    "document start and end": "# head\n---\nid: A-1\ntitle: One\nlabels:\n- a\n...\n",
    "missing final newline": "id: A-1\ntitle: One\nlabels:\n  - a\n  - b",
    "missing final newline after a block": "id: A-1\ntitle: One\ndescription: |\n  x\n  y",
    "tilde null": "id: A-1\nparent: ~\ntitle: One\nlabels: ~\n",
    "null spelled three ways": "id: A-1\na: null\nb: Null\nc: ~\nd:\ne: NULL # none\n",
    "empty values": "id: A-1\nparent:\nlabels: # none yet\ndue_date:   \nstatus: todo\n",
    "wrapped plain text": "id: A-1\ntitle: One thing that goes\n  on and on\n\n  and on\nstatus: todo\n",
    "wrapped double-quoted": 'id: A-1\ntitle: "One thing that goes\n  on \\\n  and\\ton\n\n  end"\nstatus: todo\n',
    "single quotes": "id: 'A-1'\ntitle: 'It''s one'\nstatus: 'todo' # why\nlabels: ['a', 'b''c']\n",
    "wrapped single-quoted": "id: A-1\ntitle: 'It''s\n  one\n\n  thing'\nstatus: todo\n",
    "quoted keys": "\"id\": A-1\n'title': One\n\"a: b\": 1\n'#x': 2\nstatus: todo\n",
    "space before the colon": "id : A-1\ntitle  : One\nlabels :\n  - a\n  - b\nexternal_ids :\n  x : y\n",
    "literal strip": "id: A-1\ndescription: |-\n  One\n    two\n\n  three\nstatus: todo\n",
    "literal keep": "id: A-1\ndescription: |+\n  One\n  two\n\n\nstatus: todo\n",
    "literal with indicator": "id: A-1\ndescription: |2\n    One\n  two\nstatus: todo\n",
    "literal with both": "id: A-1\ndescription: |2-   # odd\n    One\n  two\nstatus: todo\n",
    "literal far in": "id: A-1\ndescription: |\n        One\n        two\n\n\nstatus: todo\n",
    "folded": "id: A-1\ndescription: >\n  One thing\n  goes on\n\n  and a\n    list\n  end\nstatus: todo\n",
    "folded strip": "id: A-1\ndescription: >-\n  One thing\n  goes on\nstatus: todo\n",
    "folded with indicator": "id: A-1\ndescription: >2+\n    One\n   two\n  three\n\nstatus: todo\n",
    "comments after a list": "id: A-1\nlabels:\n  - a\n  - b\n  # - c\n  # - d\n# about status\nstatus: todo\n",
    "comments between keys": "# the id\nid: A-1\n# about title\n# more\ntitle: One\n\n# alone\n\nstatus: todo\n# end\n",
    "comments between items": "id: A-1\nlabels:\n  # first\n  - a\n  # second\n  - b # B\n\n  - c\nstatus: todo\n",
    "trailing comments": "id: A-1 # i\ntitle: One thing   # t # t\nlabels: [a] # l\nn: 3\t# n\nx: 'y' # y\n",
    "comment without a space": "#head\nid: A-1 #i\nlabels: #l\n  #first\n  - a #a\nstatus: todo\n#end\n",
    "comment at the key of a collection": "id: A-1\nlabels: # l\n  - a\nexternal_ids: # e\n  x: y\nt: # t\n  v\n",
    "escapes": 'id: A-1\ntitle: "tab\\t nl\\n q\\" b\\\\ e\\u00e9 x\\x41 s\\/ \\U0001F600"\nstatus: todo\n',
    "emoji and CJK": 'id: A-1\ntitle: 支払い 🎉 e\u0301 – naïve\nassignee: Ünal\nlabels: [日本, "é"]\n名: 値\n',
    "four-space indent": "id: A-1\ntests:\n    unit:\n        - a\n    security:\n        - b\nmetadata:\n    x:\n        y: 1\n",
    "one-space indent": "id: A-1\ntests:\n unit:\n - a\n security:\n - b\nmetadata:\n x:\n  y: 1\n",
    "mixed indents": "id: A-1\ntests:\n   unit:\n   - a\n   -  b\n   security:\n        - c\nmetadata:\n x:\n      y: 1\n      z:  2\n",
    "tabs before comments": "id: A-1\t# i\ntitle: One\t\t# t\nlabels:\t# l\n  - a\t# a\nstatus: todo\n",
    "trailing spaces": "id: A-1  \ntitle: One \nlabels:  \n  - a   \n  - b \nstatus: todo\t\n   \n",
    "blank lines": "\n\nid: A-1\n\ntitle: One\n\n\n\nlabels:\n\n  - a\n\n  - b\n\nstatus: todo\n\n\n",
    "list of mappings": (
        "id: A-1\ntime_entries:\n  - at: 2026-01-02T09:00:00+00:00\n    minutes: 30\n    user: dana\n"
        "  # second\n  - at: 2026-01-03T09:00:00+00:00 # when\n    minutes: 45\n    note: 'x'\nstatus: todo\n"
    ),
    "list of mappings, wide dashes": (
        "id: A-1\ntime_entries:\n-   at: 2026-01-02\n    minutes: 30\n-   at: 2026-01-03\n    minutes: 45\n"
    ),
    "mappings below their dashes": "id: A-1\ntime_entries:\n  -\n    at: 2026-01-02\n    minutes: 3\n  - # c\n    at: x\n",
    "nested lists": "id: A-1\nmetadata:\n  grid:\n    - - 1\n      - 2\n    -\n      - 3\n    - [4, [5]]\n    - - - 6\n",
    "empty collections": "id: A-1\nlabels: []\ndependencies: [ ]\nexternal_ids: {}\nmetadata: { }\nstatus: todo\n",
    "empty items": "id: A-1\nlabels:\n  -\n  - a\n  - # none\n  - b\n",
    "colons and hashes in text": "id: A-1\ntitle: a#b:c d::e http://x.y/z?q=1#f\nlabels: [a#b, 'c: d']\nstatus: todo\n",
    "long lines": "id: A-1\ntitle: " + "word " * 400 + "end\nlabels: [" + "lab, " * 60 + "z]\nstatus: todo\n",
    "time-like text": "id: A-1\na: yes\nb: 1:30\nc: 0b11\nd: 1_000\ne: 2026-01-02\nf: .inf\ng: -0x1F\nh: 012\n",
    "odd keys": "id: A-1\n1: one\ntrue: t\nnull: n\n2026-01-02: d\n1_0: u\n? : x\n".replace("? : x\n", ""),
    "many styles": _text("""
        # A task
        id: "A-1"   # quoted

        title:  'Single ''quoted'''
        labels: [a, "b", 'c']
        tests:
           unit: [x,
             y]
           security:
           - z   # why
        description: >-
            folded text
            goes on

            here
        # about metadata
        metadata: {deep: {er: [1, {x: y}]}, s: "t"}
        time_entries:
            - {at: 2026-01-02, minutes: 5}
            - at: 2026-01-03
              minutes: 6

        # - end
        """),
    "kept breaks before keys": "a: |+\n  x\nb: 1\n\nc: >+\n  y\n\nd: 2\n\n\ne:\n  - |+\n    z\n  - w\n\nf: 3\n",
    "comments deeper than their keys": "id: A-1\ntitle: One\n    # deep\nlabels:\n  - a\n      # deeper\n  - b\nstatus: todo\n  # end\n",
    "comments less deep than their keys": "id: A-1\nmetadata:\n# shallow\n  a: 1\n# shallow too\n  b:\n # odd\n    - x\n# more\n    - y\nstatus: todo\n",
    "compact pair in a list": "id: A-1\nlabels: [a: 1, b]\nmetadata: {lone, two: 2}\n",
    "value on the next line": "id: A-1\ntitle:\n  One thing\nn:\n   3\nlabels:\n  [a, b]\nt:\n  'x'\n",
    "root indented": "  id: A-1\n  title: One\n  labels:\n  - a\n  # end\n",
    "comments around the document": "# before\n---\n# head\nid: A-1\ntitle: One\n# tail\n...\n# after\n",
    "a trailing comment at the end": "id: A-1\nlabels:\n  - a\n  - b # last",
    "a deep mapping": "id: A-1\nmetadata:\n  a:\n    b:\n      c:\n        d: 1 # deep\n        e: 2\n      f: 3\n    g: 4\n",
}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "styled" in metafunc.fixturenames:
        metafunc.parametrize(
            "styled", [pytest.param(text, id=name) for name, text in STYLES.items()]
        )


@pytest.fixture(scope="session")
def styles() -> dict[str, str]:
    return STYLES
