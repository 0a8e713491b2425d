"""Pull and merge requests: opening one for a proposal, or bringing it up to date."""

from orchestrator.sync.forges.http import Client
from orchestrator.sync.forges.place import Forge
from orchestrator.sync.forges.request import Opened, Wanted


def open_or_update(forge: Forge, token: str, wanted: Wanted) -> Opened:
    """Open a request for a branch, or give the open one its present title and text.

    Asking twice is asking once: the forge is asked first whether there is one for the branch.

    Args:
        forge: Where.
        token: Of somebody who may open requests there.
        wanted: What it is to be.

    Raises:
        ForgeError: The forge cannot be reached, or refuses.
    """
    match forge.kind:
        case "github":
            from orchestrator.sync.forges import github

            with Client(forge, github.headers(token)) as client:
                return github.open_or_update(client, wanted)
        case "gitlab":
            from orchestrator.sync.forges import gitlab

            with Client(forge, gitlab.headers(token)) as client:
                return gitlab.open_or_update(client, wanted)
