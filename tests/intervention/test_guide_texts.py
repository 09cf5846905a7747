"""What comes from the guide as data is told in the reader's language, wherever a page shows it."""

import re
from importlib import import_module

import pytest
from django.utils import translation

from documents.guide import TEXTS as DOCUMENTS
from documents.guide import of_guide
from documents.models import Document
from documents.rendering.printout import printout
from intervention.guide_texts import TEXTS as INTERVENTION
from organization.models import Person
from tests.intervention import assessed, planned

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def seeded():
    """Every Chinese text that a migration writes into a table that people read."""
    template = import_module("intervention.migrations.0002_guide_template")
    for row in template.TEMPLATE:
        said = dict(zip(template.COLUMNS, row, strict=True))
        yield from (said["title"], said["clause"], said["note"])
    for titles in template.CONTENTS.values():
        yield from titles
    checklist = import_module("intervention.migrations.0007_assess_checklist")
    for title, basis, _points, _side in checklist.CRITERIA:
        yield from (title, basis)
    yield from (word for _start, word in checklist.BANDS)
    yield from import_module("documents.migrations.0008_evidence_names").NAMES
    yield "委托"
    yield from (rule["clause"] for rule in import_module("documents.migrations.0002_policy_1").RULES)


def test_every_text_of_the_seeds_is_listed_and_has_its_english():
    seeds = {text for text in seeded() if CHINESE.search(text)}
    assert len(seeds) > 140
    with translation.override("zh-hans"):
        listed = {str(text) for text in (*DOCUMENTS, *INTERVENTION)}
    assert seeds - listed == set()
    with translation.override("en"):
        assert {text for text in seeds if CHINESE.search(of_guide(text))} == set()


def test_what_people_added_stays_as_they_wrote_it():
    with translation.override("en"):
        assert (of_guide("自编事项"), of_guide("")) == ("自编事项", "")


def test_a_result_is_named_alike_by_the_guide_and_by_the_code():
    from documents.vocabulary import Result

    with translation.override("en"):
        names = {str(result.label) for result in Result}
        with translation.override("zh-hans"):
            titles = [str(result.label) for result in Result]
        assert {of_guide(title) for title in titles} == names


# --- pages --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def reader(cast, log_in):
    """Somebody who reads English."""
    Person.objects.filter(pk=cast.service_head.pk).update(language="en")
    return log_in(Person.objects.get(pk=cast.service_head.pk))


def shown(client, address):
    """What stands in the middle of a page, without what people wrote, are called, or where they work."""
    page = client.get(address).content.decode()
    text = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")])
    return re.sub(r"翠湖花园|[一二]期|示例\w+", "", text)


@pytest.mark.django_db
def test_pages_of_plan_phase_and_template_show_no_chinese_of_the_guide(cast, reader):
    plan = planned.plan(cast, "CH-2")
    planned.started(plan, "planning", cast)
    document = planned.submitted(cast, plan, "planning.detail_proposals")
    for address in (
        f"/intervention/plans/{plan.pk}/",
        f"/intervention/plans/{plan.pk}/planning/",
        f"/intervention/plans/{plan.pk}/handover/",
        "/intervention/",
        "/intervention/due/",
    ):
        text = shown(reader, address)
        found = [str(one) for one in seeded() if len(one) > 3 and CHINESE.search(one) and one in text]
        assert found == [], address
    text = shown(reader, f"/intervention/plans/{plan.pk}/planning/")
    assert "Survey property management around the site" in text
    assert "Reasons from use and management" in shown(reader, f"/documents/{document.number}/")
    assert "，" not in text
    assert "：" not in text


@pytest.mark.django_db
def test_pages_of_an_assessment_show_its_items_in_english(cast, reader):
    row = assessed.closed(cast, "post")
    for address in (
        f"/intervention/assessments/{row.pk}/",
        "/intervention/assessments/",
        "/intervention/assessments/trend/",
    ):
        text = shown(reader, address)
        assert [str(one) for one in seeded() if CHINESE.search(one) and one in text] == [], address
    assert "Handling of owners&#x27; problems" in shown(reader, f"/intervention/assessments/{row.pk}/")


@pytest.mark.django_db
def test_paper_stays_chinese(cast):
    plan = planned.plan(cast, "CH-2")
    planned.started(plan, "planning", cast)
    document = planned.submitted(cast, plan, "planning.detail_proposals")
    with translation.override("en"):
        sheet = printout(Document.objects.get(pk=document.pk)).sheet
    assert "布局建议" in [row.cells["title"] for row in sheet.rows]
