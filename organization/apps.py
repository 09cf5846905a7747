"""Organization app: who is who."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    """People, posts, projects."""

    name = "organization"
    verbose_name = _("组织")
