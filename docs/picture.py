# ruff: noqa: INP001, TID253 - a script beside the pages
"""The picture of a terminal in README.md: real output of the tool, as SVG with no outside parts."""

import io
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from transcripts import Shell

_COMMANDS = (
    "orchestrator tree --project backend",
    "orchestrator task set DEL-002 parent=DEL-006",
    "echo 'parent: DEL-006' >> projects/backend/tasks/DEL-002.yaml   # by hand, then",
    "orchestrator check",
)
_WIDTH = 100
_THEME = TerminalTheme(
    (22, 27, 34),
    (208, 215, 222),
    [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34), (88, 166, 255),
     (188, 140, 255), (57, 197, 207), (177, 186, 196)],
    [(110, 118, 129), (255, 161, 152), (86, 211, 100), (227, 179, 65), (121, 192, 255),
     (210, 168, 255), (86, 212, 221), (240, 246, 252)],
)  # fmt: skip
# rich's own template fetches a font from a host; a picture in a repository must not.
_TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>orchestrator refuses a parent cycle</title>
<style>
.{unique_id}-matrix {{
font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px;
line-height: {line_height}px;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""


def picture(examples: Path) -> str:
    """Return the SVG."""
    console = Console(
        record=True, width=_WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    with Shell(examples, _WIDTH) as shell:
        shell.run("cp -r $EXAMPLES/roadmap plan; cd plan")
        for number, command in enumerate(_COMMANDS):
            if number:
                console.print()
            prompt = Text("$ ", style="bold green")
            console.print(prompt.append(command, style="bold"))
            output = shell.run(command.replace("orchestrator ", "orchestrator --color always ", 1))
            if output:
                console.print(Text.from_ansi(output.rstrip("\n")), soft_wrap=False)
    drawn = console.export_svg(
        title="", theme=_THEME, code_format=_TEMPLATE, unique_id="orchestrator"
    )
    return "\n".join(line.rstrip() for line in drawn.splitlines() if line.strip()) + "\n"
