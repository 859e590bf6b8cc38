"""What a user is told when something cannot be done."""

from collections.abc import Iterable
from difflib import get_close_matches


class Refusal(Exception):  # noqa: N818 - it is an answer to a request, and reads as one
    """Something cannot be done as asked; the message is one line that names the thing and the remedy."""


def meant(name: str, known: Iterable[str]) -> str:
    """What was likely meant by a name that is not there, as a question before what is; nothing if nobody can tell."""
    likely = get_close_matches(name.lower(), list(known), 1)
    return f"did you mean {likely[0]}? " if likely else ""
