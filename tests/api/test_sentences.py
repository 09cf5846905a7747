"""What the API says when it refuses: sentences for people, whatever was sent."""

import re

import pytest
from django.test import Client
from rest_framework import serializers

from tests import forms
from tests.api.programs import ROOT, Program
from tests.intervention import planned

pytestmark = pytest.mark.django_db

UNCLEAN = "含有不可见的控制字符，请删去后重新输入。"


@pytest.mark.parametrize("typed", ["a\0b", "a\ud800b"], ids=ascii)
def test_a_text_with_a_control_character_is_refused_with_one_sentence_everywhere(cast, client, typed):
    document = forms.submitted(cast)
    program = Program(cast.property_clerk)
    answer = program.post(f"documents/{document.number}/comment/", {"text": typed})
    assert answer.json()["errors"] == [f"留言：{UNCLEAN}"]
    answer = client.post(f"{ROOT}token/", {"username": typed, "password": "x"}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0].endswith(UNCLEAN)


def test_a_lone_surrogate_is_told_back_without_breaking_the_answer(cast):
    clerk = Program(cast.property_clerk)
    place = {"kind": "purchase_request", "instalment": "CH-2", "month": "2026-12"}
    for name in place:
        answer = clerk.post("work-forms/", {**place, name: "\ud800"})
        assert (answer.status_code, len(answer.json()["errors"])) == (400, 1)
    for path in ("documents/", "found-promises/", "plan-items/"):
        for name in ("kind", "channel", "due", "state", "status"):
            assert clerk.get(path, **{name: "\N{SMILING FACE WITH SUNGLASSES}" * 300}).status_code in (200, 400)
    for person in (cast.administrator, cast.service_head):
        program = Program(person)
        for sent in ({"project": {"\ud800": "2026-01-01"}}, {"instalments": {"\ud800": {"\ud800": "x"}}}):
            answer = program.put("projects/CH/plan-shift/", sent)
            assert answer.status_code == 400, answer.content
            assert "\ufffd" in answer.json()["errors"][0]


def test_a_long_value_is_told_back_shortened(cast):
    program = Program(cast.property_leader)
    answer = program.post("papers/", {"kind": "😎" * 300, "project": "😎" * 20})
    assert answer.status_code == 400
    assert all(sentence.count("😎") <= 40 for sentence in answer.json()["errors"])
    laid = planned.plan(cast)
    answer = program.put(f"projects/{laid.project.code}/plan-shift/", {"instalments": {"😎" * 300: {}}})
    assert answer.status_code == 400
    assert all(sentence.count("😎") <= 40 for sentence in answer.json()["errors"])


def test_a_choice_that_is_none_names_the_options(cast):
    document = forms.submitted(cast)
    answer = Program(cast.property_project_manager).post(
        f"documents/{document.number}/return/", {"revision": 1, "round": 1, "opinion": "x", "mode": "zz"}
    )
    (sentence,) = answer.json()["errors"]
    assert sentence.startswith("修改后：所填的不是可选项，请改为以下之一：restart（")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"lines": [1]}, "明细·第 1 行：应为一组字段和值（JSON 对象），请改后重新发送。"),
        ({"lines": [{}, {"price": []}]}, "明细·第 2 行·单价：只能是文字、数字或空值。"),
        ({"lines": {}}, "明细：应为列表（JSON 数组），请改后重新发送。"),
        ({"lines": [], "draft_version": "x"}, "草稿版本：请填写合法的整数值。"),
        ({"lines": [], "head": "x"}, "表头：应为一组字段和值（JSON 对象），请改后重新发送。"),
        ([], "应为一组字段和值（JSON 对象），请改后重新发送。"),
        (
            {"lines": [], "head": {"note": "x", "zz": "x"}},
            "表头没有这个字段：「zz」。请删去；本表的字段是：note（说明）。",
        ),
        (
            {"lines": [], "head": {"urgency": "zz"}},
            "表头没有这个字段：「urgency」。请删去；本表的字段是：note（说明）。",
        ),
    ],
    ids=str,
)
def test_a_body_of_another_shape_is_told_by_line_and_title(cast, sent, sentence):
    name = forms.purchase_request(cast).name
    answer = Program(cast.property_clerk).put(f"documents/{name}/lines/", sent)
    assert (answer.status_code, answer.json()["errors"]) == (400, [sentence])


def test_an_empty_body_and_a_missing_token_of_the_page_are_told_in_chinese(cast):
    document = forms.submitted(cast)
    program = Program(cast.property_clerk)
    answer = program.client.post(
        f"{ROOT}documents/{document.number}/comment/", b"null", content_type="application/json"
    )
    assert answer.json() == {"errors": ["没有收到内容，请发送一组字段和值（JSON 对象）。"]}
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.property_clerk, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(f"{ROOT}documents/{document.number}/comment/", {"text": "x"}, content_type="application/json")
    assert answer.json() == {"errors": ["页面已过期，操作没有执行。请刷新页面后重试。"]}


def asking(above=serializers.Serializer):
    """Every serializer of ours that reads what is sent, those of answers left out."""
    for below in above.__subclasses__():
        yield from asking(below)
        ours = below.__module__.split(".")[0] in {"organization", "documents", "intervention", "budgets", "settlements"}
        if ours and below.__name__.endswith(("Fields", "Filters", "LoginSerializer")):
            yield below


def test_every_field_that_is_sent_has_a_chinese_label():
    found = set(asking())
    assert len(found) > 60
    nameless = [
        f"{form.__name__}.{name}"
        for form in found
        for name, field in form().fields.items()
        if not re.search("[一-鿿]", str(field.label))
    ]
    assert nameless == []
