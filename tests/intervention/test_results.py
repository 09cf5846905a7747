"""Results: who files them, what they must hold, who receives them, and their versions."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from documents import circulation, verifying
from documents.models import Document
from documents.refusals import Blocked, Conflict, Denied, Invalid
from documents.rendering.pdf import pdf_bytes
from intervention.drafting import open_result, save_result
from intervention.models import ChecklistItem, PhaseResult
from intervention.versions import changes_since
from tests import forms
from tests.intervention import planned
from tests.permissions.world import picture

pytestmark = pytest.mark.django_db

# Receiver by result (guide 2 and 5, D8).
RECEIVERS = [
    ("planning", "planning.positioning_survey", "design_reviewer"),
    ("planning", "planning.detail_proposals", "design_reviewer"),
    ("marketing", "marketing.management_plan", "marketing_head"),
    ("marketing", "marketing.interim_covenant", "marketing_head"),
    ("marketing", "marketing.move_in_plan", "department_head"),
    ("engineering", "engineering.unit_quality_report", "project_engineer"),
    ("engineering", "engineering.common_area_patrol_report", "project_engineer"),
    ("engineering", "engineering.defect_list", "project_engineer"),
    ("handover", "handover.facility_acceptance", "project_engineer"),
    ("handover", "handover.building_handover", "project_engineer"),
    ("handover", "handover.open_issues", "project_engineer"),
    ("handover", "handover.key_handover", "project_engineer"),
    ("move_in", "move_in.move_in_papers", "service_head"),
    ("move_in", "move_in.satisfaction_survey", "service_head"),
]


@pytest.fixture
def plan(cast):
    return planned.plan(cast)


@pytest.mark.parametrize(("phase", "key", "receiver"), RECEIVERS)
def test_each_result_goes_to_the_leader_and_its_phases_receiver(cast, plan, phase, key, receiver):
    planned.started(plan, phase, cast)
    document = planned.submitted(cast, plan, key)
    assert list(document.steps.order_by("position").values_list("post", flat=True)) == ["property_leader", receiver]
    assert (document.phase, document.result, document.side, document.instalment.code) == (
        phase,
        key.split(".")[1],
        None,
        "CH-2",
    )
    assert document.number == "CH-RS-202611-001"


def test_the_management_plan_asks_for_the_guides_six_contents(cast, plan):
    planned.started(plan, "marketing", cast)
    document = planned.result(cast, plan, "marketing.management_plan", filled=False)
    wanted = ["管理模式", "服务创新", "内部管理机制", "管理服务标准", "品质控制方法", "管理费测算及标准"]
    assert list(document.result_entries.values_list("title", flat=True)) == wanted
    with pytest.raises(Blocked) as refused:
        circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    assert refused.value.sentences == [
        *(f"缺少「{title}」：请填写要点或所在页码。" for title in wanted),
        "请至少上传一个成果文件后再提交。",
    ]


def test_every_result_of_the_guide_has_required_contents(db):
    assert {row.result for row in ChecklistItem.objects.all()} == {key.split(".")[1] for _phase, key, _who in RECEIVERS}


def test_a_page_reference_alone_is_enough(cast, plan):
    planned.started(plan, "planning", cast)
    document = planned.result(cast, plan, "planning.detail_proposals", filled=False)
    entries = {entry.key: {"page": "12-15"} for entry in document.result_entries.all()}
    save_result(document=document, actor=cast.property_clerk, draft_version=1, entries=entries)
    circulation.attach(document_id=document.pk, actor=cast.property_clerk, upload=picture())
    assert circulation.submit(document_id=document.pk, actor=cast.property_clerk).state == "circulating"


def test_a_result_waits_for_its_phase_and_not_beyond_it(cast, plan):
    document = planned.result(cast, plan, "planning.detail_proposals")
    with pytest.raises(Blocked, match="「项目规划」尚未启动"):
        circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    planned.closed(plan, "planning", cast)
    again = planned.result(cast, plan, "planning.detail_proposals")
    with pytest.raises(Blocked, match="「项目规划」已关闭"):
        circulation.submit(document_id=again.pk, actor=cast.property_clerk)


FILERS = [
    ("property_clerk", "move_in.satisfaction_survey", True),
    ("property_project_manager", "move_in.satisfaction_survey", True),
    ("service_handler", "move_in.satisfaction_survey", True),
    ("service_handler", "move_in.move_in_papers", False),
    ("marketing_handler", "move_in.satisfaction_survey", False),
    ("property_leader", "move_in.move_in_papers", False),
    ("yj_property_clerk", "move_in.move_in_papers", False),
]


@pytest.mark.parametrize(("username", "key", "allowed"), FILERS)
def test_the_property_company_files_and_the_survey_may_be_the_developers(cast, plan, username, key, allowed):
    planned.started(plan, "move_in", cast)
    if not allowed:
        with pytest.raises(Denied):
            open_result(actor=cast[username], item=planned.item(plan, key))
        return
    document = planned.submitted(cast, plan, key, by=username)
    assert document.submitted_by == cast[username]


def test_the_survey_of_the_surroundings_is_copied_to_the_department(cast, plan):
    planned.started(plan, "planning", cast)
    survey = planned.submitted(cast, plan, "planning.positioning_survey")
    assert "department_head" in survey.copies.values_list("person__username", flat=True)
    other = planned.submitted(cast, plan, "planning.detail_proposals")
    assert "department_head" not in other.copies.values_list("person__username", flat=True)


def test_a_return_asks_for_a_revision_and_an_approval_for_the_next_version(cast, plan):
    planned.started(plan, "marketing", cast)
    first = planned.submitted(cast, plan, "marketing.management_plan")
    with pytest.raises(Invalid, match="还在办理"):
        open_result(actor=cast.property_clerk, item=planned.item(plan, "marketing.management_plan"))
    forms.send_back(first, cast.property_leader, opinion="请补充测算")
    again = circulation.submit(document_id=first.pk, actor=cast.property_clerk)
    assert (again.number, again.revision_n, again.phase_result.version) == (first.number, 2, 1)
    forms.sign_through(again, cast)
    item = planned.item(plan, "marketing.management_plan")
    second = open_result(actor=cast.property_clerk, item=item, note="按会审意见调整")
    assert second.title == "翠湖花园二期《项目前期物业管理方案》第2版"
    assert (second.phase_result.version, second.phase_result.predecessor.number) == (2, first.number)
    # What the version before said comes along.
    entry = second.result_entries.first()
    assert entry.text == "管理模式：见正文"
    entries = {entry.key: {"text": "酬金制", "page": "3"}}
    save_result(document=second, actor=cast.property_clerk, draft_version=1, entries=entries)
    circulation.attach(document_id=second.pk, actor=cast.property_clerk, upload=picture("第2版.png", "blue"))
    second = circulation.submit(document_id=second.pk, actor=cast.property_clerk)
    found = changes_since(second, cast.marketing_head)
    changes = [(where, change.label, change.before) for where, change in found["changes"]]
    assert changes[0] == ("管理模式", "要点 / 大小", "管理模式：见正文")
    assert [(where, label) for where, label, _before in changes[1:]] == [
        ("第2版.png", "+"),
        ("marketing.management_plan.png", "−"),
    ]
    # The first version still counts while the second is on its way.
    assert planned.phase(plan, "marketing").state == "active"
    assert list(verifying.differences()) == []


def test_one_live_document_per_result_and_version(cast, plan):
    planned.started(plan, "planning", cast)
    one = planned.result(cast, plan, "planning.detail_proposals")
    two = planned.result(cast, plan, "planning.detail_proposals", by="property_project_manager")
    circulation.submit(document_id=one.pk, actor=cast.property_clerk)
    with pytest.raises(Blocked, match="第 1 版已提交：CH-RS-202611-001"):
        circulation.submit(document_id=two.pk, actor=cast.property_project_manager)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE intervention_phaseresult SET live = %s WHERE document_id = %s", [True, two.pk])
    # A rejected one makes room.
    forms_now = Document.objects.get(pk=one.pk)
    circulation.reject(document_id=one.pk, actor=cast.property_leader, revision=1, round_n=1, opinion="重做")
    assert PhaseResult.objects.get(document=forms_now).live is False
    assert circulation.submit(document_id=two.pk, actor=cast.property_project_manager).state == "circulating"


def test_two_people_writing_at_once_lose_nothing(cast, plan):
    document = planned.result(cast, plan, "planning.detail_proposals", filled=False)
    key = document.result_entries.first().key
    how = {"document": document, "actor": cast.property_clerk, "draft_version": 1}
    save_result(**how, entries={key: {"text": "甲"}})
    with pytest.raises(Conflict):
        save_result(**how, entries={key: {"text": "乙"}})
    with pytest.raises(Invalid, match="没有这项必备内容"):
        save_result(**(how | {"draft_version": 2}), entries={"c0": {"text": "x"}})
    with pytest.raises(Invalid, match="501 字"):
        save_result(**(how | {"draft_version": 2}), entries={key: {"text": "长" * 501}})


def test_the_print_shows_contents_and_files(cast, plan):
    import pypdfium2

    planned.started(plan, "marketing", cast)
    document = planned.received(cast, plan, "marketing.management_plan")
    page = pypdfium2.PdfDocument(pdf_bytes(document))[0].get_textpage().get_text_range().replace("\r\n", "")
    for text in ("品质控制方法", "marketing.management_plan.png", "第1版", "营销配合", document.number):
        assert text in page


def test_verify_finds_a_result_that_was_moved(cast, plan):
    from documents import guards

    planned.started(plan, "planning", cast)
    document = planned.submitted(cast, plan, "planning.detail_proposals")
    other = planned.item(plan, "planning.positioning_survey")
    for column, value, line in (
        ("item_id", other.pk, f"intervention_phaseresult {document.pk} item_id"),
        ("live", False, f"intervention_phaseresult {document.pk} live"),
        ("note", "改", f"intervention_phaseresult {document.pk} note"),
    ):
        with transaction.atomic():
            guards.uninstall()
            PhaseResult.objects.filter(document=document).update(**{column: value})
            guards.install()
            found = list(verifying.differences())
            transaction.set_rollback(True)
        assert any(one.startswith(line) for one in found), (line, found)


def test_a_received_result_reads_received_on_the_page_of_its_phase(cast, plan, log_in):
    planned.started(plan, "planning", cast)
    document = planned.received(cast, plan, "planning.detail_proposals")
    page = log_in(cast.property_leader).get(f"/intervention/plans/{plan.pk}/planning/").content.decode()
    row = page[page.index(document.number) :].split("</li>")[0]
    assert "已接收" in row
    assert "已通过" not in row


def test_a_files_size_is_one_figure_in_the_sheet_and_among_the_attachments(cast, plan, log_in):
    planned.started(plan, "planning", cast)
    document = planned.result(cast, plan, "planning.positioning_survey", filled=False)
    # 17.578 KB: cut off it would be 17.5, rounded it is 17.6.
    text = SimpleUploadedFile("正文.pdf", b"%PDF-1.4\n1 0 obj\nendobj\n".ljust(18_000, b"%"))
    circulation.attach(document_id=document.pk, actor=cast.property_clerk, upload=text)
    page = log_in(cast.property_clerk).get(f"/documents/{document.name}/").content.decode()
    assert page.count("17.6") == 2
    assert "17.5" not in page
