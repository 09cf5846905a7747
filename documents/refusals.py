"""Refusals that a verb may raise; page and API show the same sentences with the same status."""

from collections.abc import Sequence

from organization.punctuation import with_semicolons


class Refused(Exception):
    """A verb was refused; nothing has changed."""

    status = 400

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences: Sequence[str] = [str(sentence) for sentence in sentences]

    def __str__(self) -> str:
        return with_semicolons(self.sentences)


class Invalid(Refused):
    """What was typed is wrong: where, why and what to do."""

    status = 400


class Denied(Refused):
    """This person may not; carries the predicate's sentence."""

    status = 403


class Blocked(Refused):
    """The form is not ready; every blocker is named at once."""

    status = 409


class LateReasonNeeded(Blocked):
    """The form comes after its work began: it is asked for a reason and then submitted (D12)."""


class Conflict(Refused):
    """Someone else was faster: decided, changed or closed meanwhile."""

    status = 409


class TooLarge(Refused):
    """A file over its limit."""

    status = 413
