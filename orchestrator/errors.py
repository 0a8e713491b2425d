"""The root of every refusal; each kind lives in the module that raises it."""


class OrchestratorError(Exception):
    """An operation that cannot go on: one sentence, and what to type next.

    Attributes:
        message: What happened, one sentence that ends with a period.
        hint: What to do about it, or None.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
