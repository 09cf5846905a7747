"""Notices of early intervention lead to what they are about by its name; notices of forms keep the form's title as link."""

import re

import pytest
from django.utils import translation

from documents import wording
from documents.models import Notice
from intervention import wording as plan_wording
from intervention.assessing import telling as assessing
from intervention.daily import telling as daily
from intervention.papers import wording as papers
from intervention.planning_work import telling as advice
from intervention.site import finding
from intervention.site import telling as site_telling
from tests.intervention import assessed, logged, papered, planned, site
from tests.intervention.test_advice import advised

pytestmark = pytest.mark.django_db
TELLING = (plan_wording, assessing, daily, papers, advice, site_telling)


def links(client):
    text = client.get("/notices/").content.decode()
    return [
        (link, re.sub("<[^>]*>", "", line))
        for line, link in re.findall(r'<p>([^\n]*?<a class="lnk"[^>]*>([^<]*)</a>[^\n]*?)</p>', text)
    ]


def test_every_notice_of_this_app_knows_what_it_is_about():
    for told in TELLING:
        assert set(told.SUBJECTS) == set(told.NOTICES)


@pytest.mark.parametrize(
    ("username", "link", "sentence"),
    [
        ("project_engineer", "翠湖花园二期 2026-11-23", "翠湖花园二期 2026-11-23 巡查的 1 个问题已移交项目部整改"),
        ("marketing_handler", "翠湖花园二期 2026-11-20 样板间", "翠湖花园二期 2026-11-20 样板间的日志已提交，请确认"),
        (
            "design_reviewer",
            "翠湖花园二期新建议 CH-JY-2026-0001",
            "翠湖花园二期新建议 CH-JY-2026-0001：总图-02 车行出入口，请答复",
        ),
        (
            "property_project_manager",
            "翠湖花园 2026-10 入伙前（营销小组）",
            "翠湖花园 2026-10 入伙前（营销小组） 考核 100.0 分，请答复",
        ),
    ],
)
def test_the_subject_of_the_sentence_is_the_link(cast, log_in, username, link, sentence):
    row = site.found(cast, site.visit(cast))
    finding.hand(finding_id=row.pk, actor=cast.property_clerk)
    logged.filed(cast)
    advised(cast, drawing="总图-02 车行出入口")
    assessed.scored(cast)
    found = links(log_in(cast[username]))
    assert any(one == link and text.endswith(sentence) for one, text in found), found
    assert all(one != "查看" for one, _text in found)


def test_a_phase_is_named_with_its_place_in_either_language(cast):
    planned.started(planned.plan(cast), "marketing", cast)
    notice = Notice.objects.filter(code="plan.started").first()
    assert wording.notice_parts(notice) == ("", "翠湖花园二期「营销配合", "」阶段已启动")
    with translation.override("en"):
        before, link, after = wording.notice_parts(notice)
        assert before + link + after == wording.notice_text(notice)
        assert "翠湖花园二期" in link


def test_a_form_keeps_its_title_as_link(cast, log_in):
    draft = papered.submitted(papered.publicity(cast))
    assert (draft.title, f"{draft.title} 待您审批（营销小组负责人）") in links(log_in(cast.marketing_head))
