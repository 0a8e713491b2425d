"""Reading a file that a person names on the command line: bounded, and refused in a sentence."""

from pathlib import Path

from orchestrator.errors import OrchestratorError


class UnreadableInputError(OrchestratorError):
    """A file that was named cannot be read, or is too large to be what it should be."""


def read_input(path: Path, most: int) -> bytes:
    """Return a file's bytes.

    Args:
        path: The file.
        most: How many bytes it may have.

    Raises:
        UnreadableInputError: It cannot be read, or has more.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableInputError(
            f"{path} cannot be read: {reason}.", "Check the path and its permissions."
        ) from error
    if len(data) > most:
        raise UnreadableInputError(f"{path} has more than {most:,} bytes.", "Split it.")
    return data
