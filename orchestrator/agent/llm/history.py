"""What a model is told of what was said before: the last turns, whole, within a bound."""

from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    UserPromptPart,
)

MOST_CHARACTERS = 200_000


def recent(messages: bytes | None, most: int = MOST_CHARACTERS) -> list[ModelMessage] | None:
    """Return the last turns that fit; None when there are none, or they cannot be read.

    A turn begins with what a person said; half of one would hold answers to calls that are gone.
    """
    if not messages:
        return None
    try:
        found = ModelMessagesTypeAdapter.validate_json(messages)
    except ValueError:
        return None
    starts = [index for index, message in enumerate(found) if _begins_turn(message)]
    for start in starts:
        kept = found[start:]
        if len(ModelMessagesTypeAdapter.dump_json(kept)) <= most:
            return kept
    return None


def _begins_turn(message: ModelMessage) -> bool:
    return isinstance(message, ModelRequest) and any(
        isinstance(part, UserPromptPart) for part in message.parts
    )
