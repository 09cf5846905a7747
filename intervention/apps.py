"""Intervention app: the five phases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterventionConfig(AppConfig):
    """Early intervention."""

    name = "intervention"
    verbose_name = _("前期介入")

    def ready(self) -> None:
        from intervention import registration

        registration.register_all()
