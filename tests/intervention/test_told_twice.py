"""What is there already is told as such; another thing that the database refuses is not taken for it."""

import pytest
from django.db import IntegrityError

from documents.refusals import Blocked, Conflict
from intervention import journal
from tests.intervention import logged
from tests.intervention.test_meetings_and_guards import stood
from tests.intervention.test_survey import surveyed

pytestmark = pytest.mark.django_db
TWICE = [
    (lambda cast, **key: logged.begun(cast, **key), {"spot": "sales_office"}, Blocked),
    (stood, {"name": "2号门岗"}, Conflict),
    (surveyed, {"estate": "翡翠湾"}, Blocked),
]


@pytest.mark.parametrize(("make", "other", "refusal"), TWICE)
def test_only_the_same_thing_twice_is_told_as_such(cast, monkeypatch, make, other, refusal):
    make(cast, sent_key="k")
    with pytest.raises(refusal):
        make(cast)
    # As where two senders of one key got past each other: another thing, refused for its key.
    monkeypatch.setattr(journal, "sent_before", lambda *_: None)
    with pytest.raises(IntegrityError):
        make(cast, sent_key="k", **other)
