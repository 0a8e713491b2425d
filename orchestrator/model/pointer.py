"""RFC 6901 pointers as text and as steps."""

from collections.abc import Iterable


def join(steps: Iterable[object]) -> str:
    """Return the pointer of `steps`: `["a/b", 0]` gives `/a~1b/0`."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def split(pointer: str) -> list[str]:
    """Return the steps of `pointer`; `""` has none."""
    if not pointer:
        return []
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]
