"""System checks and the start-up refusal: every registered kind routes, guards are installed."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from documents import kinds
from organization.posts import Post


@register(Tags.models)
def kinds_name_known_posts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every post that a registered kind names exists."""
    errors: list[CheckMessage] = []
    for form in kinds.registered():
        for post in (*form.submitters, *form.may_draft(), *form.audience, *form.copied):
            if post not in Post.values:
                errors.append(Error(f"{form.kind} names the unknown post {post}", id="documents.E001"))
        if not form.submitters:
            errors.append(Error(f"{form.kind} can be submitted by nobody", id="documents.E002"))
    return errors


def refuse_without_guards() -> None:
    """Called by web, worker and verify at their start: without its guards the product does not run (design 18)."""
    from documents import guards

    if absent := guards.missing():
        raise ImproperlyConfigured(
            f"{len(absent)} database guards are missing ({', '.join(absent[:5])}…): run 'manage.py migrate'."
        )
