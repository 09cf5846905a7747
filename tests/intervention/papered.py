"""Confirmations, reviews and agreements that tests begin with, made through the verbs alone."""

from datetime import date
from typing import Any

from documents import circulation
from documents.models import Document
from intervention.models import FoundPromise
from intervention.papers.drafting import open_paper, save_paper
from intervention.papers.finding import record_found
from tests import forms
from tests.permissions.world import picture

PUBLICITY = {
    "subject": "开盘楼书",
    "channel": "brochure",
    "from_on": "2026-12-15",
    "text": "翠湖花园由示例物业提供贴心服务。",
}
PROMISES = [
    {"subject": "standard", "wording": "24 小时服务热线，30 分钟内响应报修"},
    {"subject": "fee", "wording": "高层住宅物业费不高于 2.80 元/m²·月"},
]
REVIEW = {"valid_from": "2027-06-30", "summary": "按一级服务标准配置，管家制。"}
FEES = [
    {"subject": "高层住宅", "unit": "area_month", "price": "2.80", "note": "含电梯"},
    {"subject": "地下车位", "unit": "space_month", "price": "80"},
]
AGREEMENT = {
    "subject": "翠湖花园前期介入服务协议",
    "valid_from": "2026-12-01",
    "valid_to": "2027-11-30",
    "scope": "营销配合、工程巡查、承接查验、集中入住。",
    "payment_terms": "按月结算，次月 22 日前完成审批。",
    "commission": "按确认成本的 10% 计提管理者佣金",
}


def write(document: Document, person: Any, head: dict[str, Any], lines: Any = None, **more: Any) -> Document:
    """Fields and lines of a draft."""
    return save_paper(document=document, actor=person, draft_version=None, head=head, lines=lines, **more)


def attach(document: Document, person: Any, name: str = "正文.png", colour: str = "white") -> None:
    """A file of a draft."""
    circulation.attach(document_id=document.pk, actor=person, upload=picture(name, colour))


def publicity(
    cast: Any, head: Any = None, lines: Any = None, *, by: str = "marketing_handler", project: str = "CH", **more: Any
) -> Document:
    """A draft of a confirmation."""
    found = more.pop("found", None)
    draft = open_paper(actor=cast[by], kind="publicity_confirmation", project=cast.projects[project], found=found)
    return write(draft, cast[by], PUBLICITY | (head or {}), PROMISES if lines is None else lines, **more)


def review(cast: Any, head: Any = None, lines: Any = None) -> Document:
    """A draft of a review, with a file."""
    manager = cast.property_project_manager
    draft = open_paper(actor=manager, kind="service_plan_review", project=cast.projects["CH"])
    draft = write(draft, manager, REVIEW | (head or {}), FEES if lines is None else lines)
    attach(draft, manager)
    return Document.objects.get(pk=draft.pk)


def agreement(
    cast: Any, head: Any = None, *, by: str = "service_handler", project: str = "CH", colour: str = "white"
) -> Document:
    """A draft of an agreement's next version, with a file."""
    draft = open_paper(actor=cast[by], kind="service_agreement", project=cast.projects[project])
    draft = write(draft, cast[by], AGREEMENT | (head or {}))
    attach(draft, cast[by], colour=colour)
    return Document.objects.get(pk=draft.pk)


def submitted(document: Document, late_reason: str = "") -> Document:
    """In circulation."""
    return circulation.submit(document_id=document.pk, actor=document.creator, late_reason=late_reason)


def approved(document: Document, cast: Any, late_reason: str = "") -> Document:
    """Signed through."""
    return forms.sign_through(submitted(document, late_reason), cast)


def found(cast: Any, *, by: str = "property_project_manager", project: str = "CH", **more: Any) -> FoundPromise:
    """A promise found in use."""
    said = {
        "channel": "sales_office",
        "place": "沙盘旁展板",
        "subject": "club",
        "wording": "会所终身免费使用",
        "since_on": date(2026, 11, 10),
    }
    return record_found(actor=cast[by], project=cast.projects[project], **(said | more))
