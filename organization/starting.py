"""How every verb of the organization begins: lock, then the actor's right, read anew."""

from organization import trail
from organization.models import Person
from organization.permissions import can_administer
from organization.refusals import require


def begin(actor: Person | None) -> None:
    """Take the organization's lock and make sure that the actor is an administrator still (``None``: set-up)."""
    trail.take_lock()
    if actor is not None:
        require(can_administer(reread(actor)))


def reread(actor: Person) -> Person:
    """The actor as the database knows them now: a right that was taken away a moment ago no longer counts."""
    return Person.objects.select_related("company").get(pk=actor.pk)
