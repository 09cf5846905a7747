"""The month's assessment beside its settlement: shown to whom may see it, never part of a sum."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.programs import Program
from tests.intervention import assessed

pytestmark = pytest.mark.django_db
PAGE = "/settlements/applications/?month=2026-10&project=CH"


def side(person, name):
    (row,) = Program(person).get("settlements/months/", month="2026-10", project="CH").json()
    return next(one for one in row["sides"] if one["side"] == name)


def test_percent_and_state_stand_beside_the_side_that_was_scored(cast, log_in):
    before = side(cast.finance, "pre")
    assert before["assessment"] is None
    row = assessed.closed(cast, p1="7.5")
    after = side(cast.finance, "pre")
    assert after.pop("assessment") == {"id": row.pk, "state": "closed", "percent": "92.5", "grade": "优"}
    before.pop("assessment")
    assert after == before
    assert side(cast.finance, "post")["assessment"] is None
    page = log_in(cast.property_finance).get(PAGE).content.decode()
    assert page.count("本月考核") == 1
    assert f'href="/intervention/assessments/{row.pk}/"' in page
    assert "92.5%" in page
    assert "仅供参考，不影响金额" in page


def test_a_draft_is_a_state_for_the_developer_and_nothing_for_the_property_company(cast, log_in):
    row = assessed.opened(cast)
    assert side(cast.finance, "pre")["assessment"] == {"id": row.pk, "state": "draft", "percent": None, "grade": None}
    assert "评分中" in log_in(cast.finance, fresh=True).get(PAGE).content.decode()
    assert side(cast.property_finance, "pre")["assessment"] is None
    assert "本月考核" not in log_in(cast.property_finance, fresh=True).get(PAGE).content.decode()


def test_the_overview_asks_the_same_with_two_assessments_and_with_none(cast, log_in):
    client = log_in(cast.finance)

    def asked():
        client.get(PAGE)
        with CaptureQueriesContext(connection) as caught:
            client.get(PAGE)
        return len(caught)

    assessed.closed(cast)
    one = asked()
    assessed.closed(cast, "post")
    assert asked() == one
