"""Pages for what went wrong: where, why, what to do. Answers under ``/api/`` are JSON with the same sentence."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.utils.translation import gettext as _


def _answer(request: HttpRequest, status: HTTPStatus, sentence: str) -> HttpResponseBase:
    """The error page of a status, or its JSON for programs."""
    if request.path.startswith("/api/"):
        return JsonResponse({"errors": [sentence]}, status=status, json_dumps_params={"ensure_ascii": False})
    try:
        return render(request, f"errors/{status.value}.html", {"sentence": sentence}, status=status)
    except TemplateDoesNotExist:
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400: the request can't be understood."""
    return _answer(request, HTTPStatus.BAD_REQUEST, _("请求无法识别。请返回上一页重试。"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """403: seen, but not allowed; a denial's own sentence is shown where there is one."""
    return _answer(request, HTTPStatus.FORBIDDEN, str(exception) or _("您没有权限进行此操作。"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404: absent, or not for this person; both read alike (design 16)."""
    return _answer(request, HTTPStatus.NOT_FOUND, _("页面不存在，或您没有查看权限。"))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500: our fault. Neither the database nor the session is asked again, either may be what failed."""
    sentence = _("系统出现错误，您的操作没有保存。请稍后重试；如仍出错，请联系管理员。")
    if request.path.startswith("/api/"):
        return JsonResponse({"errors": [sentence]}, status=500, json_dumps_params={"ensure_ascii": False})
    try:
        return render(None, "errors/500.html", {"sentence": sentence}, status=500)
    except Exception:  # noqa: BLE001 - the page of last resort must not fail
        return HttpResponse(sentence, status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """403 for a form without its token: mostly a page left open over night."""
    return _answer(request, HTTPStatus.FORBIDDEN, _("页面已过期，操作没有执行。请刷新页面后重试。"))
