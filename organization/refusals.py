"""Why something is refused: a predicate answers with a ``Denial``, a verb raises ``OrganizationRefused``. Pure leaf."""

from dataclasses import dataclass

from organization.punctuation import with_semicolons


@dataclass(frozen=True, slots=True)
class Denial:
    """The sentence with which a predicate says no; button, page and API show the same one."""

    reason: str

    def __str__(self) -> str:
        return str(self.reason)


class OrganizationRefused(Exception):
    """A verb was refused and nothing has changed; each sentence says what and why."""

    status = 400

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = [str(sentence) for sentence in sentences]

    def __str__(self) -> str:
        return with_semicolons(self.sentences)


class NotAllowed(OrganizationRefused):
    """This person may not; carries the predicate's sentence."""

    status = 403


def require(denial: Denial | None) -> None:
    """Raise when a predicate has said no."""
    if denial is not None:
        raise NotAllowed(denial.reason)
