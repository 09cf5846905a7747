"""What the API says when it refuses: sentences for people, whatever was sent."""

import pytest

from tests import forms
from tests.api.programs import ROOT, Program

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
