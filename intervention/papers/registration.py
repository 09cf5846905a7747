"""What the three papers tell the engine; called by the app's own registration."""

from __future__ import annotations

from documents import guards, kinds, verifying, wording
from intervention.papers.agreement import AgreementKind
from intervention.papers.guards import GUARDS
from intervention.papers.publicity import PublicityKind
from intervention.papers.review import ReviewKind
from intervention.papers.verifying import found_differences
from intervention.papers.wording import NOTICES, SUBJECTS


def register() -> None:
    """The kinds, their guards, their check and the words of their notices."""
    for kind in (PublicityKind(), ReviewKind(), AgreementKind()):
        kinds.register(kind)
    verifying.add(found_differences)
    wording.add_notices(NOTICES, SUBJECTS)
    guards.add(GUARDS)
