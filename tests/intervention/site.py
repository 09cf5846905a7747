"""Visits, findings and photographs that tests begin with, made through the verbs alone."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from intervention import photos
from intervention.models import Finding, Photo, Visit
from intervention.site import finding as finding_verbs
from intervention.site import visiting

SAID = {
    "area": "unit",
    "building": "3栋",
    "floor": "12层",
    "unit": "1201",
    "part": "主卧飘窗",
    "trade": "waterproofing",
    "severity": "major",
    "description": "窗角渗水，墙面起皮",
}


def place(cast: Any, code: str) -> dict[str, Any]:
    """Project and instalment by the code of either."""
    instalment = cast.instalments.get(code)
    return {"project": instalment.project if instalment else cast.projects[code], "instalment": instalment}


def visit(cast: Any, where: str = "CH-2", by: str = "property_clerk", **said: Any) -> Visit:
    """A patrol of today."""
    said = {
        "day": date(2026, 11, 23), "kind": "patrol", "trades": ["civil", "waterproofing"], "participants": "安平、工程主管",
    } | said  # fmt: skip
    return visiting.begin(actor=cast[by], **place(cast, where), **said)


def found(cast: Any, walked: Visit, by: str = "property_clerk", **said: Any) -> Finding:
    """A finding of a visit."""
    return finding_verbs.begin(
        actor=cast[by], project=walked.project, instalment=walked.instalment, visit=walked.pk, **(SAID | said)
    )


def now(finding: Finding) -> Finding:
    """A finding as it is now."""
    return Finding.objects.get(pk=finding.pk)


def brought(cast: Any, state: str, walked: Visit | None = None) -> Finding:
    """A finding in a state."""
    made = found(cast, walked or visit(cast))
    if state == "dropped":
        return finding_verbs.drop(finding_id=made.pk, actor=cast.property_project_manager, reason="观感问题")
    if state == "open":
        return made
    finding_verbs.hand(finding_id=made.pk, actor=cast.property_clerk, responsible="总包", due_on=date(2026, 12, 10))
    if state in ("fixed", "closed"):
        finding_verbs.fix(finding_id=made.pk, actor=cast.project_engineer, note="重做防水")
    if state == "closed":
        finding_verbs.close(finding_id=made.pk, actor=cast.property_clerk, note="淋水试验合格")
    return now(made)


def inspected(cast: Any, where: str, by: str = "property_project_manager") -> None:
    """Two inspections on two days."""
    for n in (20, 22):
        visit(cast, where, by, kind="inspection", day=date(2026, 11, n))


def jpeg(
    size: tuple[int, int] = (64, 48), colour: str = "grey", name: str = "现场.jpg", kind: str = "JPEG", **options: Any
) -> SimpleUploadedFile:
    """A picture as a phone sends it."""
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, kind, **options)
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def camera(size: tuple[int, int] = (64, 48), orientation: int = 1, colour: str = "grey") -> SimpleUploadedFile:
    """A picture with what cameras write beside it: orientation, time, and the position where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "相机厂"
    exif[0x8769] = {36867: "2026:11:22 16:05:09"}
    exif[0x8825] = {1: "N", 2: (30.0, 15.0, 30.5), 3: "E", 4: (120.0, 9.0, 12.25)}
    return jpeg(size, colour, exif=exif)


def photograph(cast: Any, finding: Finding, *uploads: Any, by: str = "property_clerk", **more: Any) -> list[Photo]:
    """Photographs onto a finding, before its repair unless told otherwise."""
    more = {"role": "before"} | more
    return photos.add(subject="finding", pk=finding.pk, actor=cast[by], uploads=list(uploads) or [jpeg()], **more)
