"""The pages of a form: what each person sees, what a refusal leaves standing, what stays hidden."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents import circulation
from documents.models import Document, Event, Notice
from tests import forms

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 1 0 obj quote"


def url(name, document, *more):
    return reverse(f"documents:{name}", args=[document.name, *more])


def seen(document):
    now = Document.objects.get(pk=document.pk)
    return {"revision": now.revision_n, "round": now.round_n}


def attach(document, person, name="报价单.pdf", data=PDF):
    return circulation.attach(document_id=document.pk, actor=person, upload=SimpleUploadedFile(name, data))


# --- who sees what -----------------------------------------------------------------------------------------------------
def test_people_of_another_project_get_404_for_page_fragment_file_and_verb_alike(cast, log_in):
    document = forms.purchase_request(cast)
    attach(document, cast.property_clerk)
    document = circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    stranger = log_in(cast.yj_property_clerk)

    for name in ("document", "preview", "compare", "edit", "pdf", "xlsx"):
        assert stranger.get(url(name, document)).status_code == 404, name
    assert stranger.get(url("attachment", document, document.attachments.get().pk)).status_code == 404
    assert stranger.post(url("act", document, "comment"), {"text": "我看得到吗"}).status_code == 404
    assert stranger.get(reverse("documents:search"), {"q": document.number}).context["rows"] == []


def test_a_draft_is_for_its_own_company_alone(cast, log_in):
    draft = forms.purchase_request(cast)

    assert log_in(cast.property_project_manager).get(url("document", draft)).status_code == 200
    assert log_in(cast.property_leader).get(url("document", draft)).status_code == 404


def test_a_returned_form_shows_others_what_was_submitted(cast, log_in):
    document = forms.submitted(cast)
    forms.send_back(document, cast.property_leader)
    line = document.work_lines.order_by("position").first()
    line.subject = "改过的品名"
    line.save()

    own = log_in(cast.property_clerk).get(url("document", document)).content.decode()
    other = log_in(cast.property_finance_head).get(url("document", document)).content.decode()

    assert "改过的品名" in own
    assert "改过的品名" not in other
    assert "洗地机清洁剂" in other
    assert log_in(cast.property_finance_head).get(url("compare", document), {"from": 1, "to": 0}).status_code == 404


def test_a_file_added_after_the_return_belongs_to_the_working_copy(cast, log_in, fixed_clock):
    document = forms.submitted(cast)
    forms.send_back(document, cast.property_leader)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 24))
    attach(document, cast.property_clerk, "新报价.pdf")
    file = document.attachments.get()

    assert "新报价.pdf" in log_in(cast.property_clerk).get(url("document", document)).content.decode()
    reader = log_in(cast.property_leader)
    assert "新报价.pdf" not in reader.get(url("document", document)).content.decode()
    assert reader.get(url("attachment", document, file.pk)).status_code == 404


def test_the_page_shows_way_lines_capitals_and_trail(cast, log_in):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader, "同意，与计划相符")

    page = log_in(cast.marketing_head).get(url("document", document)).content.decode()

    for text in (
        "审批中 · 第 1/3 步",
        "洗地机清洁剂",
        "¥8,643.00",
        "人民币捌仟陆佰肆拾叁元整",
        "同意，与计划相符",
        "会签",
        "每单必经 · 3.2.3 年度预算 1) C",
        "第 1 次提交",
    ):
        assert text in page, text


@pytest.mark.parametrize("path", ["home", "documents:inbox", "documents:new", "documents:notices", "documents:search"])
def test_no_page_has_inline_style_script_or_handler(cast, log_in, path):
    forms.submitted(cast)
    page = log_in(cast.property_leader).get(reverse(path)).content.decode()

    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


# --- doing -------------------------------------------------------------------------------------------------------------
def test_signing_goes_back_to_where_it_was_offered_and_never_to_another_host(cast, log_in):
    document = forms.submitted(cast)
    inbox = reverse("documents:inbox")

    answer = log_in(cast.property_leader).post(url("act", document, "sign"), {**seen(document), "next": inbox})
    assert (answer.status_code, answer["Location"]) == (302, inbox)

    answer = log_in(cast.property_finance_head).post(
        url("act", document, "sign"), {**seen(document), "next": "https://example.com/"}
    )
    assert answer["Location"] == f"{url('document', document)}?onward=1"


def test_a_stale_signature_is_refused_and_its_opinion_kept(cast, log_in):
    document = forms.submitted(cast)
    before = seen(document)
    forms.send_back(document, cast.property_finance_head)

    answer = log_in(cast.property_leader).post(url("act", document, "sign"), {**before, "opinion": "价格合理"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "已被处理，当前状态「已退回」" in page
    assert "价格合理" in page
    assert not Document.objects.get(pk=document.pk).acts.filter(person=cast.property_leader).exists()


def test_a_cut_above_the_filed_amount_is_refused_in_its_dialogue_with_what_was_typed(cast, log_in):
    document = forms.submitted(cast)
    line = document.work_lines.order_by("position").first()

    answer = log_in(cast.property_leader).post(
        url("act", document, "return"),
        {**seen(document), "to": "0", "mode": "restart", "opinion": "偏高", f"cut-{line.key}": "１，０１２．００"},
    )

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "核定金额 1,012.00 大于申报金额 1,011.00" in page
    assert 'id="dlg-return" aria-labelledby="dh-return" data-open' in page
    assert "１，０１２．００" in page
    assert "偏高</textarea>" in page


def test_the_submitter_sees_the_proposed_cut_and_takes_it_over_in_one_click(cast, log_in):
    document = forms.submitted(cast)
    line = document.work_lines.order_by("position").first()
    log_in(cast.property_leader).post(
        url("act", document, "return"), {**seen(document), "opinion": "偏高", f"cut-{line.key}": "1,000.00"}
    )
    clerk = log_in(cast.property_clerk)

    page = clerk.get(url("document", document)).content.decode()
    assert "¥1,011.00" in page
    assert "¥1,000.00" in page
    assert "采纳核减并重新提交" in page

    clerk.post(url("act", document, "take_over"))
    now = Document.objects.get(pk=document.pk)
    assert (now.state, now.revision_n, str(now.amount)) == ("circulating", 2, "8632.00")
    compared = clerk.get(url("compare", document)).content.decode()
    assert '<del class="was">¥1,011.00</del>' in compared
    assert '<ins class="now">¥1,000.00</ins>' in compared


@pytest.mark.parametrize(
    ("verb", "person", "status"),
    [
        ("return", "property_leader", 200),
        ("reject", "property_leader", 200),
        ("withdraw", "property_clerk", 200),
        # Not offered, so there is nothing to ask.
        ("sign", "property_clerk", 404),
        ("void", "property_clerk", 404),
        ("withdraw", "property_leader", 404),
        ("explode", "property_leader", 404),
    ],
)
def test_each_verb_asks_on_a_page_of_its_own_without_javascript(cast, log_in, verb, person, status):
    document = forms.submitted(cast)

    assert log_in(getattr(cast, person)).get(url("act", document, verb)).status_code == status


def test_an_impossible_action_that_people_look_for_stands_there_with_its_reason(cast, log_in):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader)

    page = log_in(cast.property_clerk).get(url("document", document)).content.decode()

    assert 'aria-disabled="true" aria-describedby="why-bar-withdraw"' in page
    assert "已有人审批过本次提交，不能撤回；可请审批人退回。" in page


def test_a_discarded_draft_leads_to_the_drafts(cast, log_in):
    draft = forms.purchase_request(cast)

    answer = log_in(cast.property_clerk).post(url("act", draft, "discard"))

    assert answer["Location"] == reverse("documents:inbox_tab", args=["drafts"])
    assert not Document.objects.filter(pk=draft.pk).exists()


def test_files_open_in_place_or_are_handed_out_and_are_on_the_trail(cast, log_in):
    document = forms.purchase_request(cast)
    attach(document, cast.property_clerk)
    document = circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    reader = log_in(cast.property_leader)

    answer = reader.get(url("attachment", document, document.attachments.get().pk))

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("inline")
    assert Event.objects.filter(document=document, code="downloaded").get().parameters == {"what": "报价单.pdf"}


# --- round about -------------------------------------------------------------------------------------------------------
def test_only_forms_that_ones_posts_draft_are_offered(cast, log_in):
    assert "物业采购申请表" in log_in(cast.property_clerk).get(reverse("documents:new")).content.decode()
    page = log_in(cast.general_manager).get(reverse("documents:new")).content.decode()
    assert "您的岗位不填报单据" in page
    assert "物业采购申请表" not in page


def test_search_finds_by_pinyin_initials(cast, log_in):
    document = forms.submitted(cast)

    page = log_in(cast.property_leader).get(reverse("documents:search"), {"q": "chhy wycg"}).content.decode()

    assert document.number in page


def test_verification_tells_number_amount_and_state_and_nothing_else(client, cast):
    document = forms.submitted(cast)
    path = reverse("documents:verify", args=[document.number, document.check_code])

    page = client.get(path).content.decode()

    assert document.number in page
    assert "¥8,643.00" in page
    assert "审批中" in page
    for hidden in ("洗地机清洁剂", "林晓燕", "翠湖花园", "物业采购申请表"):
        assert hidden not in page, hidden


def test_verification_with_a_wrong_code_tells_nothing(client, cast):
    document = forms.submitted(cast)

    answer = client.get(reverse("documents:verify", args=[document.number, "AAAA-AAAA"]))

    assert answer.status_code == 404
    assert "8,643.00" not in answer.content.decode()


def test_following_a_notice_marks_it_read_and_leads_to_the_form(cast, log_in):
    document = forms.submitted(cast)
    notice = Notice.objects.get(recipient=cast.property_leader, document=document)

    assert log_in(cast.property_finance_head).get(reverse("documents:notice", args=[notice.pk])).status_code == 404
    answer = log_in(cast.property_leader).get(reverse("documents:notice", args=[notice.pk]))

    assert answer["Location"] == url("document", document)
    assert Notice.objects.get(pk=notice.pk).read_at is not None


def test_the_filters_of_the_inbox_narrow_list_and_counts(cast, log_in):
    forms.submitted(cast)
    forms.submitted(cast, instalment="CH-1")
    reader = log_in(cast.property_leader)

    assert reader.get(reverse("documents:inbox")).context["tabs"][0][2] == 2
    assert reader.get(reverse("documents:inbox"), {"project": "YJ"}).context["tabs"][0][2] == 0
    assert len(reader.get(reverse("documents:inbox"), {"q": "一期 CH-1"}).context["rows"]) <= 1
    assert "没有符合条件的单据" in reader.get(reverse("documents:inbox"), {"q": "没有的"}).content.decode()


@pytest.mark.parametrize("path", ["home", "documents:inbox"])
def test_a_list_asks_as_often_for_three_forms_as_for_one(cast, log_in, path, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    forms.submitted(cast)
    reader = log_in(cast.property_leader)
    reader.get(reverse(path))
    with CaptureQueriesContext(
        connection,
    ) as one:
        reader.get(reverse(path))
    forms.submitted(cast, instalment="CH-1")
    forms.submitted(cast, by="yj_property_clerk", instalment="YJ-1")

    with django_assert_num_queries(len(one)):
        reader.get(reverse(path))


@pytest.mark.parametrize("amount", ["12.345", "十二元", "1e3"])
def test_a_cut_that_is_no_amount_says_so_in_words(cast, log_in, amount):
    document = forms.submitted(cast)
    line = document.work_lines.first()
    data = {**seen(document), "opinion": "过高", "to": "0", f"cut-{line.key}": amount}

    page = log_in(cast.property_leader).post(url("act", document, "return"), data)

    assert page.status_code == 400
    assert list(page.context["sentences"]) == ["核减金额·第 1 项·金额：金额请用普通写法，最多两位小数，如 1234.50。"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((path + "%00", 400) for path in ("/?kind=", "/inbox/?project=", "/search/?q=a&kind=", "/budgets/months/?project=",
                                           "/settlements/applications/?project=", "/settings/people/?q=")),
        *((path, 404) for path in ("/projects/CH%00/", "/projects/CH/instalments/%00/", "/documents/%00/")),
    ],
)  # fmt: skip
def test_nul_in_an_address_is_refused_and_breaks_nothing(cast, log_in, path, status):
    assert log_in(cast.property_clerk).get(path).status_code == status


def test_the_address_of_a_draft_leads_to_the_form_that_it_has_become(cast, log_in):
    document = forms.submitted(cast)
    clerk = log_in(cast.property_clerk)

    for address in (f"/documents/{document.reference}/", f"/budgets/forms/{document.reference}/"):
        assert clerk.get(address).headers["Location"] == f"/documents/{document.number}/"
    assert log_in(cast.foreign_clerk, fresh=True).get(f"/documents/{document.reference}/").status_code == 404
