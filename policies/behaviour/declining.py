"""How a body says that it cannot do something: why, and what it can do instead."""

from __future__ import annotations

from policies.language.program import Action
from policies.language.replies import turned, with_article

NO_ARMS = "I have no arms, so I cannot {verb} {thing}. {instead}"
NOT_CONNECTED = "I'm not connected to {thing}, so that is left undone."


def armless(step: Action, instead: str) -> str:
    """Return what is said to `manipulate`."""
    verb = str(step.get("verb"))
    return NO_ARMS.format(verb="do that with" if verb == "other" else verb, thing=_thing(step), instead=instead)


def unconnected(step: Action) -> str:
    """Return what is said to `call`, `hang_up` and `device`."""
    return NOT_CONNECTED.format(thing=_thing(step) if step.name == "device" else "a telephone")


def _thing(step: Action) -> str:
    return with_article(turned(str(step.get("object") or step.get("device") or "it")))
