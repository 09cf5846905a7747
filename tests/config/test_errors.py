"""Pages for what went wrong: their status, their sentence, and the same for programs."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from config import errors


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        (lambda request: errors.bad_request(request, ValueError()), 400, "请求无法识别"),
        (lambda request: errors.permission_denied(request, PermissionDenied("您是提交人。")), 403, "您是提交人。"),
        (lambda request: errors.permission_denied(request, PermissionDenied()), 403, "您没有权限进行此操作"),
        (lambda request: errors.not_found(request, LookupError()), 404, "页面不存在，或您没有查看权限"),
        (lambda request: errors.csrf_failure(request), 403, "页面已过期"),
        (lambda request: errors.server_error(request), 500, "您的操作没有保存"),
    ],
    ids=["400", "403 with its reason", "403", "404", "csrf", "500"],
)
def test_an_error_says_why_on_the_page_and_to_programs(answer, status, sentence, cast):
    for path in ("/inbox/", "/api/v1/documents/"):
        request = RequestFactory().get(path)
        request.user = cast.property_clerk
        page = answer(request)
        assert page.status_code == status
        assert sentence in page.content.decode()
        assert page["Content-Type"].startswith("application/json" if "api" in path else "text/html")


def test_an_unknown_address_is_404_for_everybody(client, cast, log_in):
    assert client.get("/no/such/page").status_code == 404
    page = log_in(cast.property_clerk).get("/no/such/page")
    assert page.status_code == 404
    assert "页面不存在" in page.content.decode()


def test_a_form_without_its_token_is_refused_with_a_sentence(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.property_clerk, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(reverse("organization:logout"))
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
