"""Budgets app: work forms and their confirmation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetsConfig(AppConfig):
    """The month's forms."""

    name = "budgets"
    verbose_name = _("月度计划与确认")

    def ready(self) -> None:
        from budgets import registration

        registration.register_all()
