"""Promises found in use: recorded, taken out of use with a reason, confirmed by the approval of what covers them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.noticing import tell
from documents.permissions import require
from documents.refusals import Conflict, Invalid
from documents.texts import clean_text
from intervention import journal
from intervention.dates import FIRST
from intervention.models import FoundPromise
from intervention.papers.permissions import can_record_found, can_withdraw_found
from intervention.papers.vocabulary import Channel, FoundState, PromiseSubject
from intervention.permissions import in_use, who
from organization import access, clock
from organization.models import Project
from organization.posts import Post

if TYPE_CHECKING:
    from documents.models import Document
    from organization.models import Person

# Told of every promise found in use: who may have it confirmed or stopped, and who answers for the service.
TOLD = (Post.MARKETING_HEAD, Post.PROPERTY_LEADER)
PLACE, WORDING, REASON = 100, 500, 500


@verb
def record_found(
    *, actor: Person, project: Project, channel: str, place: str, subject: str, wording: str, since_on: date
) -> FoundPromise:
    """Record a promise that is in use without a confirmation: where, since when, in which words.

    Effects: event ``found``, a notice to marketing_head and property_leader. Raises Denied or Invalid with every fault.
    """
    require(can_record_found(who(actor, project)))
    require(in_use(project))
    place = _wanted(place, PLACE, _("位置"))
    wording = _wanted(wording, WORDING, _("承诺表述"))
    if channel not in Channel.values or subject not in PromiseSubject.values:
        raise Invalid(_("请选择渠道和承诺事项。"))
    if not FIRST <= since_on <= clock.today():
        raise Invalid(
            _("开始使用日期 %(day)s 还没有到，只登记已在使用的宣传；未使用的请走宣传承诺确认单。")
            % {"day": since_on.isoformat()}
            if since_on >= FIRST
            else _("开始使用日期须在 2000 年以后。")
        )
    place = " ".join(place.split())
    _refuse_twice(project, channel=channel, place=place, wording=wording)
    found = FoundPromise.objects.create(
        project=project,
        channel=channel,
        place=place,
        subject=subject,
        wording=wording,
        since_on=since_on,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    journal.record(found, "found", actor)
    _notify(found, actor)
    return found


def _refuse_twice(project: Project, **said: str) -> None:
    """One entry for each thing in use: those who record in one project take turns behind its row."""
    Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project.pk)
    twin = FoundPromise.objects.filter(project=project, state=FoundState.IN_USE, **said).select_related("recorded_by")
    if (found := twin.first()) is not None:
        raise Conflict(
            _("此项已在登记中：「%(what)s」由%(by)s于%(day)s登记，仍在使用，不必再次登记。")
            % {
                "what": found.wording[:30],
                "by": found.recorded_by.name,
                "day": timezone.localtime(found.recorded_at).date().isoformat(),
            }
        )


def _wanted(text: str, most: int, label: str) -> str:
    text = clean_text(text, max_length=most, label=label)
    if not text:
        raise Invalid(_("%(label)s：请填写。") % {"label": label})
    return text


def _notify(found: FoundPromise, actor: Person) -> None:
    tell(
        access.people_of(found.project, TOLD, besides=actor),
        None,
        "promise.found",
        f"promise:found:{found.pk}",
        url=reverse("intervention:promises") + f"?show=found&project={found.project.code}",
        place=found.project.name,
        where=found.place,
        what=found.wording[:60],
        by=actor.name,
    )


@verb
def withdraw_found(*, found_id: int, actor: Person, reason: str) -> FoundPromise:
    """Say that a found promise is used no more, and what was done about it. Final. Effects: event ``withdrawn``."""
    found = FoundPromise.objects.select_for_update(of=("self",)).select_related("project").get(pk=found_id)
    require(can_withdraw_found(who(actor, found.project), found))
    found.reason = _wanted(reason, REASON, _("停用说明"))
    found.take_out_of_use()
    found.settled_by, found.settled_at = actor, clock.now()
    found.save(update_fields=["state", "reason", "settled_by", "settled_at"])
    journal.record(found, "withdrawn", actor, reason=found.reason)
    return found


def confirm_covered(document: Document, actor: Person) -> None:
    """The body of an approval: what the confirmation covers and is in use still counts as confirmed, event ``confirmed``.

    The caller holds the locks.
    """
    for found in FoundPromise.objects.filter(covers__document=document, state=FoundState.IN_USE).order_by("pk"):
        found.confirm()
        found.confirmation, found.settled_by, found.settled_at = document, actor, clock.now()
        found.save(update_fields=["state", "confirmation", "settled_by", "settled_at"])
        journal.record(found, "confirmed", actor, number=document.number)


def lock_covered(document: Document) -> None:
    """Lock what a confirmation covers, in the order of their keys."""
    list(FoundPromise.objects.select_for_update(of=("self",)).filter(covers__document=document).order_by("pk"))
