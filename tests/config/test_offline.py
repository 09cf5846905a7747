"""The page without a network holds nothing of anybody, and its worker keeps just what the page needs."""

import re

import pytest
from django.templatetags.static import static
from django.urls import reverse

from config.offline import FILES

pytestmark = pytest.mark.django_db


def test_the_page_is_the_same_for_everybody_and_names_nobody(client, cast, log_in):
    stranger = client.get(reverse("offline"))
    known = log_in(cast.property_clerk).get(reverse("offline"))
    assert stranger.status_code == known.status_code == 200
    assert stranger.content == known.content
    assert "csrf" not in stranger.content.decode()
    assert not stranger.cookies


def test_the_worker_keeps_all_that_the_page_needs_and_nothing_else(client):
    page = client.get(reverse("offline")).content.decode()
    needed = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert needed == {static(name) for name in FILES}
    worker = client.get(reverse("worker"))
    assert worker["Content-Type"] == "text/javascript"
    kept = re.search(r"FILES = \[(.*?)\]", worker.content.decode())[1]
    assert {text.encode().decode("unicode_escape") for text in re.findall(r'"(.*?)"', kept)} == needed
    assert worker.content.decode().count("cache.put") == 1
