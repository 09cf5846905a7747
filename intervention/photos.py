"""Photographs of records: stored, hidden. They are decoded and encoded anew before the record is locked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.circulation.transactions import verb
from documents.permissions import Denial, require
from documents.refusals import Conflict, Invalid, TooLarge
from intervention import journal, records
from intervention.models import Photo, PhotoPolicy
from intervention.permissions import Who, who
from intervention.pictures import Picture, read_picture
from intervention.planning import wanted
from organization import clock, trail
from organization.posts import Post
from organization.starting import begin

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from intervention.models import Record
    from intervention.records import RecordKind
    from organization.models import Person, Project

# At most so many photographs of a record that are shown; hidden ones don't count.
MAX = 30
# What the journal of a kind with photographs says of them.
WORDS = {
    "photographed": gettext_lazy("已上传照片"),
    "photo_hidden": gettext_lazy("已隐藏照片"),
}


def can_add(who: Who, kind: RecordKind, row: Record, role: str) -> Denial | None:
    """Add a photograph in a role; the kind says who may and when."""
    if kind.may_photograph is None or role not in kind.photo_roles:
        return Denial(_("此类记录不接受这种照片。"), hide=True)
    return kind.may_photograph(who, row, role)


def can_hide(who: Who, kind: RecordKind, photo: Photo, row: Record) -> Denial | None:
    """Hide a wrong photograph: whoever uploaded it, or 项目物业经理 those of the own company, while photographs of its role may
    be added. What the other company shows as evidence is never taken away from it."""
    if photo.uploaded_by_id != who.person.pk:
        if Post.PROPERTY_PROJECT_MANAGER not in who.posts:
            return Denial(_("照片由上传人本人或项目物业经理隐藏。"), hide=True)
        if photo.uploaded_by.company_id != who.person.company_id:
            return Denial(_("此照片由对方公司上传，只能由上传人本人隐藏；确需更换请联系上传人。"), hide=True)
    return can_add(who, kind, row, photo.role)


def roles_for(who: Who, kind: RecordKind, row: Record) -> list[str]:
    """The roles in which a person may add photographs now."""
    return [role for role in kind.photo_roles if can_add(who, kind, row, role) is None]


def add(
    *,
    subject: str,
    pk: int,
    actor: Person,
    uploads: Sequence[UploadedFile],
    role: str = "",
    sent_keys: Sequence[str] = (),
) -> list[Photo]:
    """Store photographs of a record, all or none; what this device has sent before is answered and not stored again.

    ``sent_keys`` stand beside ``uploads`` in their order. Effects: event ``photographed`` that names the new
    ones. Raises Denied, Invalid, TooLarge.
    """
    kind = records.named(subject)
    row = kind.model.objects.select_related("project").get(pk=pk)
    require(can_add(who(actor, row.project), kind, row, role))
    if not uploads:
        raise Invalid(_("请选择照片后再上传。"))
    if len(uploads) > MAX:
        raise Invalid(_("一次最多上传 %(n)d 张照片。") % {"n": MAX})
    keys = [journal.key_of(key) for key in sent_keys]
    keys += [None] * (len(uploads) - len(keys))
    known = {photo.sent_key for photo in Photo.objects.filter(uploaded_by=actor, sent_key__in=list(filter(None, keys)))}
    keeps = keeps_position(row.project)
    read = [
        (key, None if key in known else _read(n, upload, len(uploads), keeps))
        for n, (key, upload) in enumerate(zip(keys, uploads, strict=False), start=1)
    ]
    kept = [(key, None if picture is None else _keep(picture)) for key, picture in read]
    found: list[Photo] = []
    try:
        found = _store(kind=kind, pk=pk, actor=actor, role=role, kept=kept)
    finally:
        _clear((one for _key, one in kept if one is not None), found)
    return found


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture whose bytes lie in the storage already, under the names of both copies."""

    picture: Picture
    sha256: str
    full: str
    small: str


def _keep(picture: Picture) -> Kept:
    """Write both copies, before anything is locked: a slow storage holds nobody up."""
    names = []
    for copy, data in (("file", picture.full), ("small", picture.small)):
        field = Photo._meta.get_field(copy)
        names.append(field.storage.save(field.generate_filename(None, copy), ContentFile(data)))
    return Kept(picture, hashlib.sha256(picture.full).hexdigest(), *names)


def _clear(kept: Iterable[Kept], found: Iterable[Photo]) -> None:
    """Bytes that no photograph has become go; what is left behind by a crash harms nobody."""
    used = {photo.file.name for photo in found}
    for one in kept:
        if one.full not in used:
            for copy, name in (("file", one.full), ("small", one.small)):
                Photo._meta.get_field(copy).storage.delete(name)


def _read(n: int, upload: UploadedFile, of: int, keeps: bool) -> Picture:
    try:
        if upload.size is None or upload.size > settings.ATTACHMENT_MAX_BYTES:
            raise TooLarge(_("照片超过 20 MB，请缩小后再上传。"))
        return read_picture(upload.read(), keep_position=keeps)
    except (Invalid, TooLarge) as refusal:
        if of == 1:
            raise
        place = _("第 %(n)d 张：") % {"n": n}
        raise type(refusal)(*(f"{place}{sentence}" for sentence in refusal.sentences)) from refusal


@verb
def _store(
    *, kind: RecordKind, pk: int, actor: Person, role: str, kept: list[tuple[str | None, Kept | None]]
) -> list[Photo]:
    row = journal.lock(kind.model, pk)
    require(can_add(who(actor, row.project), kind, row, role))
    journal.take_turns(*(f"photo:{actor.pk}:{key}" for key, _one in kept if key))
    stored = list(row.photos.filter(hidden_at=None))
    found, new = [], []
    for key, one in kept:
        photo = _there(row, actor, role, key, one, stored)
        if photo is None:
            if len(stored) >= MAX:
                raise Invalid(_("一条记录最多 %(n)d 张照片，请先隐藏不需要的照片。") % {"n": MAX})
            photo = _save(row, actor, role, key, one)
            stored.append(photo)
            new.append(photo.pk)
        found.append(photo)
    if new:
        journal.record(row, "photographed", actor, photos=new, role=role)
    return found


def _there(
    row: Record, actor: Person, role: str, key: str | None, kept: Kept | None, stored: list[Photo]
) -> Photo | None:
    """The photograph that has been stored already: under the device's key, or with the same picture in the same role."""
    if key and (sent := Photo.objects.filter(uploaded_by=actor, sent_key=key).first()):
        if getattr(sent, f"{row.subject}_id") != row.pk:
            raise Conflict(_("此设备编号已用于另一条记录的照片，请重新选择照片。"))
        return sent
    if kept is None:
        raise Conflict(_("照片正在另一处上传，请稍候再试。"))
    return next((photo for photo in stored if (photo.sha256, photo.role) == (kept.sha256, role)), None)


def _save(row: Record, actor: Person, role: str, key: str | None, kept: Kept | None) -> Photo:
    assert kept is not None
    picture = kept.picture
    photo = Photo(
        project=row.project,
        role=role,
        file=kept.full,
        small=kept.small,
        sha256=kept.sha256,
        size=len(picture.full),
        width=picture.width,
        height=picture.height,
        taken_at=picture.taken_at,
        has_position=picture.has_position,
        uploaded_by=actor,
        uploaded_at=clock.now(),
        sent_key=key,
        **{row.subject: row},
    )
    photo.save(force_insert=True)
    return photo


@verb
def hide(*, photo_id: int, actor: Person, reason: str) -> Photo:
    """Hide a wrong photograph with a reason; its bytes stay. Effects: event ``photo_hidden``. Raises Denied, Conflict."""
    before = Photo.objects.get(pk=photo_id)
    kind = records.named(before.bearer)
    row = journal.lock(kind.model, getattr(before, f"{before.bearer}_id"))
    photo = Photo.objects.get(pk=photo_id)
    require(can_hide(who(actor, row.project), kind, photo, row))
    if photo.hidden_at is not None:
        raise Conflict(_("此照片已被隐藏。"))
    photo.hidden_at, photo.hidden_by, photo.hidden_reason = clock.now(), actor, wanted(reason)
    photo.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    journal.record(row, "photo_hidden", actor, reason=photo.hidden_reason, photo=photo.pk)
    return photo


def keeps_position(project: Project) -> bool:
    """Whether photographs of a project keep their position."""
    return PhotoPolicy.objects.filter(project=project, keeps_position=True).exists()


def projects_keeping() -> set[int]:
    """Keys of the projects whose photographs keep their position."""
    return set(PhotoPolicy.objects.filter(keeps_position=True).values_list("project", flat=True))


@verb
def set_policy(*, actor: Person | None, project: Project, keeps_position: bool) -> PhotoPolicy:
    """Say whether new photographs of a project keep their position; those that are there stay. Administrators only.

    Effects: event ``photo_policy`` on the organization's trail.
    """
    begin(actor)
    row, _made = PhotoPolicy.objects.get_or_create(project=project)
    if row.keeps_position != keeps_position:
        row.keeps_position = keeps_position
        row.save(update_fields=["keeps_position"])
        trail.record("photo_policy", actor, name=project.name, changes={"keeps_position": keeps_position})
    return row
