class Refused(Exception):  # noqa: N818  it is a sentence for a person, not a fault
    """What was asked cannot be done; `message` says why, in words for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
