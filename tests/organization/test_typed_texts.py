"""Texts that pages, paper and workbooks can't show are refused where they are typed, and stay in sight."""

import inspect

import pytest
from django import forms

from config import urls  # noqa: F401 - every form is known once every page is
from intervention.models import PlanItem
from organization.forms import PlainForm
from organization.models import Project

pytestmark = pytest.mark.django_db

SENTENCE = "含有不可见的控制字符，请删去后重新输入。"
# What a form is asked for beside its data.
ASKED = {
    "fields": dict,
    "instalments": list,
    "project": lambda: Project.objects.first(),
    "projects": Project.objects.all,
    "items": PlanItem.objects.all,
}


def plain_forms(above=PlainForm):
    return [form for below in above.__subclasses__() for form in (below, *plain_forms(below))]


def filled(form_class, typed):
    parameters = inspect.signature(form_class.__init__).parameters
    asked = {name: make() for name, make in ASKED.items() if name in parameters}
    texts = [name for name, field in form_class(**asked).fields.items() if type(field) is forms.CharField]
    return form_class(dict.fromkeys(texts, typed), **asked), texts


@pytest.mark.parametrize("form_class", plain_forms(), ids=lambda form: form.__name__)
@pytest.mark.parametrize("typed", ["\u202e双车位", "双\x0b\x1b车位", "双车\ufffe位", "a\0b"], ids=ascii)
def test_a_text_with_an_invisible_character_is_refused_and_shown_again(cast, form_class, typed):
    form, texts = filled(form_class, typed)
    assert not form.is_valid() or not texts
    for name in texts:
        own_rule = form.fields[name].validators[2:] if form.fields[name].max_length else []
        assert SENTENCE in form.errors[name] or own_rule, form.errors
        if not isinstance(form.fields[name].widget, forms.PasswordInput):
            assert form[name].value() == typed
