"""From a document to its printed form: reads the rows, in a fixed number of queries, and words them in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone, translation

from documents.presenting import sheet_of
from documents.rendering.paper import NOTE, NOTE_WITHOUT_MONEY, REJECTED, UNFINISHED, VOIDED, Printout, SignOff
from documents.standing import effective
from documents.states import ActKind, DocumentState, StepMode, StepStatus

if TYPE_CHECKING:
    from documents.models import Document, Revision, Step

_WATERMARKS = {
    DocumentState.APPROVED: "",
    DocumentState.REJECTED: REJECTED,
    DocumentState.VOIDED: VOIDED,
}


def printout(document: Document, revision_n: int | None = None) -> Printout:
    """Everything that paper shows of one revision: 0 is the working copy, None the newest submitted one.

    Always in Chinese, and the same whoever asks and whenever: no clock is read here.
    """
    n = document.revision_n if revision_n is None else revision_n
    with translation.override("zh-hans"):
        revision = document.revisions.select_related("submitted_by").filter(n=n).first() if n else None
        steps = _steps(document, n) if n else []
        is_newest = n == document.revision_n and n > 0
        sheet = sheet_of(document, n)
        return Printout(
            company=str(document.creator.company or ""),
            sheet=sheet,
            number=document.name,
            moment=_moment(document, revision, steps, is_newest),
            state=_state(document, n, is_newest),
            dates=tuple(_dates(document)),
            attachments=document.attachments.count(),
            sign_offs=tuple(_sign_offs(revision, steps)),
            copies=tuple(
                f"{copy.get_post_display()} {copy.person.name}" for copy in document.copies.select_related("person")
            ),
            watermark=_WATERMARKS.get(document.state, UNFINISHED) if is_newest else UNFINISHED,
            check_code=document.check_code if document.number else "",
            verify_url=verify_url(document) if document.number else "",
            note=NOTE_WITHOUT_MONEY if sheet.amount is None else NOTE,
        )


def verify_url(document: Document) -> str:
    """The address behind the QR code: ``SITE_URL/verify/<number>/<code>/``."""
    return f"{settings.SITE_URL}/verify/{quote(document.number or '')}/{quote(document.check_code)}/"


def _steps(document: Document, n: int) -> list[Step]:
    rows = (
        document.steps.filter(revision_n=n)
        .select_related("act__person", "department")
        .order_by("round_n", "position", "pk")
    )
    return sorted(effective(list(rows)), key=lambda step: (step.position, step.pk))


def _moment(document: Document, revision: Revision | None, steps: list[Step], is_newest: bool) -> datetime:
    """The newest time in what is printed."""
    times = [document.created_at]
    times += [revision.submitted_at] if revision else [document.changed_at]
    times += [step.act.at for step in steps if step.act]
    if is_newest and document.decided_at:
        times.append(document.decided_at)
    return max(times)


def _state(document: Document, n: int, is_newest: bool) -> str:
    state = str(DocumentState(document.state).label)
    if n == 0 and document.revision_n:
        return f"{state}（修改中）"
    if not is_newest and n:
        return f"第 {n} 次提交（现为第 {document.revision_n} 次提交）"
    return f"{state}（第 {n} 次提交）" if n > 1 else state


def _dates(document: Document) -> Iterator[tuple[str, str]]:
    if document.first_submitted_at:
        yield "申请日期", _day(document.first_submitted_at)
    else:
        yield "制单日期", _day(document.created_at)
    if document.decided_at:
        yield "办结日期", _day(document.decided_at)


def _day(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.year} 年 {local.month} 月 {local.day} 日"


def _minute(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _sign_offs(revision: Revision | None, steps: list[Step]) -> Iterator[SignOff]:
    """The submitter and every station of the chain in force, signed or not."""
    if revision is None:
        return
    yield SignOff(
        station="提交人",
        opinion="提交审批" if revision.n == 1 else f"第 {revision.n} 次提交审批",
        name=revision.submitted_by.name,
        at=_minute(revision.submitted_at),
    )
    together = {step.position for step in steps if sum(other.position == step.position for other in steps) > 1}
    for step in steps:
        station = str(step.get_post_display())
        if step.department:
            station = f"{station}（{step.department.name}）"
        marks = []
        if step.position in together:
            marks.append("会签")
        if step.mode == StepMode.OPINION:
            marks.append("出具意见")
        if step.carried_from_id:
            marks.append("沿用上次提交的签字")
        if step.status == StepStatus.SKIPPED:
            marks.append(str(StepStatus.SKIPPED.label))
        act = step.act
        yield SignOff(
            station=station,
            opinion=_opinion(act.kind, act.opinion) if act else "",
            name=act.person.name if act else "",
            at=_minute(act.at) if act else "",
            remark=" · ".join(marks),
        )


def _opinion(kind: str, opinion: str) -> str:
    if kind == ActKind.SIGN:
        return opinion or str(ActKind.SIGN.label)
    label = {ActKind.OPINION: "已出具意见", ActKind.RETURN: "退回", ActKind.REJECT: "否决"}[ActKind(kind)]
    return f"{label}：{opinion}" if opinion else label
