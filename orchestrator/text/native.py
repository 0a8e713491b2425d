"""The native parser behind one function: fast, and not there on every platform.

yaml_rs has one maintainer, so nothing else imports it, and it is never trusted with what `read`
has not screened: block nesting some 20,000 deep makes it overflow the stack and kills the process.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any


@cache
def native_parser() -> Callable[[str], Any] | None:
    """The native parser as `text -> data`, or None where it is not installed.

    It raises ValueError on what it refuses.
    """
    try:
        from yaml_rs import loads
    except ImportError:
        return None

    return partial(loads, parse_datetime=False)


# Its allocator belongs to the thread that loads it: when that one ends and another parses, the
# process dies. So it is loaded with this module, which the main thread imports with whatever reads
# plans, and never by the first thread of a pool that happens to parse.
native_parser()
