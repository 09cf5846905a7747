"""What every page needs: icons of the sprite, form controls with their classes, the person's initial."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organization.models import Project

register = template.Library()

# Resolved per use: hashed static names are known only after ``collectstatic``.
_SPRITE = "icons.svg"


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A decorative icon; what it means stands beside it as a word or in the control's label."""
    return format_html(
        '<svg class="ico {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static(_SPRITE),
        name,
    )


@register.simple_tag
def project_links(shell: Any, project: Project) -> list[dict[str, Any]]:
    """Pages of later apps about one project, as the shell knows them."""
    found: list[dict[str, Any]] = shell.links_of(project.code)
    return found


@register.simple_tag
def dates_of(shell: Any, project: Project) -> str:
    """The address at which a project's dates are changed, as the shell knows it."""
    return str(shell.dates_of(project.code))


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget with the class of its kind; Django adds aria-describedby and aria-invalid."""
    classes = f"{_class_of(field.field.widget)} {field.field.widget.attrs.get('class', '')}".strip()
    return field.as_widget(attrs={"class": classes})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the label stands behind the control."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def initial(name: object) -> str:
    """The sign in the round: a Chinese family name, or the first letter."""
    return str(name or "·").strip()[:1].upper() or "·"


@register.filter
def capped(count: int, cap: int = 1000) -> str:
    """A count that stops at a cap: ``1000+`` (design: counting is bounded)."""
    return f"{cap}+" if count >= cap else str(count)
