"""Addresses that can name nothing."""

import re

import pytest
from django.urls import URLResolver, get_resolver

pytestmark = pytest.mark.django_db

HUGE = "9" * 23


def numbered(resolver, before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from numbered(pattern, route)
        elif "<int:" in route:
            yield route


def test_a_number_that_no_row_can_have_is_not_found_at_every_address(cast, log_in):
    browser = log_in(cast.property_project_manager)
    routes = list(numbered(get_resolver()))
    assert len(routes) > 40
    for route in routes:
        address = "/" + re.sub(r"<\w+:(?!pk|n>)\w+>", "x", re.sub(r"<int:\w+>", HUGE, route))
        for answer in (browser.get(address), browser.post(address)):
            assert answer.status_code == 404, address
    answer = browser.get(f"/intervention/plans/{HUGE}/handover/")
    assert "页面不存在，或您没有查看权限。" in answer.content.decode()
    answer = browser.get(f"/api/v1/plans/{HUGE}/")
    assert answer.json() == {"errors": ["页面不存在，或您没有查看权限。"]}
