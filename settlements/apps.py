"""Settlements app: applications and packs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SettlementsConfig(AppConfig):
    """What is paid for."""

    name = "settlements"
    verbose_name = _("费用申请与结算")

    def ready(self) -> None:
        from settlements import registration

        registration.register_all()
