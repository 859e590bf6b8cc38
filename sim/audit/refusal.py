"""What a user is told when something cannot be done."""


class Refusal(Exception):  # noqa: N818 - it is an answer to a request, and reads as one
    """Something cannot be done as asked; the message is one line that names the thing and the remedy."""
