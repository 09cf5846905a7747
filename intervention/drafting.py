"""Drafting results: opened for a row of a plan, with the required contents as they are today; written; the next version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from documents import drafting
from documents.guide import of_guide
from documents.models import Document
from documents.refusals import Denied, Invalid
from documents.states import DECIDED, DocumentState
from documents.texts import clean_text
from documents.vocabulary import Kind, Result
from intervention.models import ChecklistItem, PhaseResult, PlanItem, ResultEntry
from intervention.states import RUNNING, PhaseState
from intervention.vocabulary import ItemKind
from organization import access, clock
from organization.posts import Post
from organization.punctuation import listed

if TYPE_CHECKING:
    from organization.models import Person, Project

TEXT, PAGE, NOTE = 500, 30, 500
CLERKS = (Post.PROPERTY_CLERK, Post.PROPERTY_PROJECT_MANAGER)
# The survey is the developer's, the property company helps: 客服小组经办人 may file it as well, and nothing else (D11).
SURVEY_FILER = Post.SERVICE_HANDLER


def filers(result: str) -> tuple[Post, ...]:
    """Posts that may file a result (guide 5, D11)."""
    return (*CLERKS, SURVEY_FILER) if result == Result.SATISFACTION_SURVEY else CLERKS


def may_file(actor: Person, project: Project, result: str) -> bool:
    """Whether a person holds a post in a project that may file a result."""
    posts = set(filers(result))
    return any(held.post in posts for held in access.memberships_in(actor, project, clock.today()))


def may_begin(posts: Collection[str], item: PlanItem, versions: Iterable[PhaseResult]) -> bool:
    """Whether to offer a new document for a row: the posts may file it, its phase takes it, and none is being worked on."""
    if item.kind != ItemKind.RESULT or not set(posts) & set(filers(item.result or "")):
        return False
    return takes_results(item) and all(version.document.state in DECIDED for version in versions)


def takes_results(item: PlanItem) -> bool:
    """Whether a row's phase takes its result now; ``queries.submittable`` says it in SQL."""
    return item.phase.state in RUNNING or (item.phase.state == PhaseState.CLOSED and not item.holds)


def title_of(item: PlanItem, version: int) -> str:
    """A result's title: 翠湖花园二期《入伙方案》第2版. Stored, so always Chinese, whoever drafts."""
    with translation.override("zh-hans"):
        name = Result(item.result).label
        more = _("第%(n)d版") % {"n": version} if version > 1 else ""
        return f"{item.phase.plan}{name}{more}"


def open_result(*, actor: Person, item: PlanItem, note: str = "") -> Document:
    """A draft of a result: the first version, or the one after the approved one, which brings its contents along.

    Raises Denied, or Invalid where a version is still on its way.
    """
    if item.kind != ItemKind.RESULT:
        raise Invalid(_("此项不是阶段成果。"))
    plan = item.phase.plan
    if not may_file(actor, plan.project, item.result or ""):
        raise Denied(filing(item))
    before = version_before(item)
    version = before.version + 1 if before else 1
    note = clean_text(note, max_length=NOTE, label=_("版本说明"))

    def fill(document: Document) -> None:
        predecessor = before.document if before else None
        PhaseResult.objects.create(document=document, item=item, version=version, predecessor=predecessor, note=note)
        ResultEntry.objects.bulk_create(_entries(document, predecessor))

    return drafting.open_draft(
        kind=Kind.PHASE_RESULT,
        actor=actor,
        project=plan.project,
        instalment=plan.instalment,
        title=title_of(item, version),
        fill=fill,
        phase=item.phase.phase,
        result=item.result,
    )


def filing(item: PlanItem) -> str:
    """Who files a result, for one who doesn't."""
    names = listed(post.label for post in filers(item.result or ""))
    return _("%(result)s由%(posts)s提交，您在项目「%(project)s」不担任该岗位。") % {
        "result": item.get_result_display(),
        "posts": names,
        "project": item.phase.plan.project.name,
    }


def version_before(item: PlanItem) -> PhaseResult | None:
    """The approved version that a new one would follow; none before the first. What was rejected or voided does not count.

    Raises Invalid where a version is still on its way.
    """
    newest = item.versions.filter(live=True).select_related("document").order_by("-version").first()
    if newest is not None and newest.document.state != DocumentState.APPROVED:
        raise Invalid(
            _("%(result)s第 %(n)d 版 %(number)s 还在办理，请在原单上修改提交。")
            % {"result": item.get_result_display(), "n": newest.version, "number": newest.document.name}
        )
    return newest


def _entries(document: Document, predecessor: Document | None) -> Iterable[ResultEntry]:
    """The required contents in force, with what the version before said of each."""
    said = {entry.key: entry for entry in predecessor.result_entries.all()} if predecessor else {}
    for n, row in enumerate(ChecklistItem.objects.filter(result=document.result, is_active=True), start=1):
        old = said.get(f"c{row.pk}")
        yield ResultEntry(
            document=document,
            key=f"c{row.pk}",
            position=n,
            title=row.title,
            text=old.text if old else "",
            page=old.page if old else "",
        )


def save_result(
    *,
    document: Document,
    actor: Person,
    draft_version: int | None,
    entries: Mapping[str, Mapping[str, Any]],
    note: str | None = None,
) -> Document:
    """Write a result's contents by key; keys that are not given stay as they are. Raises Invalid, Denied or Conflict."""
    known = {entry.key: entry for entry in document.result_entries.all()}
    faults, values = [], {}
    if unknown := sorted(set(entries) - set(known)):
        raise Invalid(_("没有这项必备内容：%(keys)s。") % {"keys": listed(unknown)})
    for key, typed in entries.items():
        try:
            values[key] = _read(of_guide(known[key].title), typed)
        except Invalid as refusal:
            faults += refusal.sentences
    if faults:
        raise Invalid(*faults)
    if note is not None:
        note = clean_text(note, max_length=NOTE, label=_("版本说明"))

    def change(working: Document) -> None:
        for key, (text, page) in values.items():
            ResultEntry.objects.filter(document=working, key=key).update(text=text, page=page)
        if note is not None:
            PhaseResult.objects.filter(document=working).update(note=note)

    return drafting.write(document_id=document.pk, actor=actor, draft_version=draft_version, change=change)


def _read(title: str, typed: Mapping[str, Any]) -> tuple[str, str]:
    text = clean_text(str(typed.get("text") or ""), max_length=TEXT, label=title)
    page = clean_text(str(typed.get("page") or ""), max_length=PAGE, label=_("%(title)s所在页码") % {"title": title})
    return text, " ".join(page.split())
