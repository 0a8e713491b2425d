"""The words by which people mean themselves and no one, instead of a user's id."""

from orchestrator.errors import OrchestratorError

ME = "me"
NOBODY = "nobody"


class UnknownSelfError(OrchestratorError):
    """Somebody said `me`, and the plan does not know who that is."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody knows who me is: no file in users/ has the e-mail that git has for you.",
            "orchestrator user new ID email=… , user set ID email=… , or git config user.email …",
        )
