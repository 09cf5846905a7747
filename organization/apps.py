"""Organization app: who is who."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    """People, posts, projects."""

    name = "organization"
    verbose_name = _("组织")

    def ready(self) -> None:
        from django.core.validators import ProhibitNullCharactersValidator
        from rest_framework.validators import ProhibitSurrogateCharactersValidator

        from organization.texts import UNCLEAN

        # Django's own Chinese sentence speaks of empty texts; forms and serializers say what ours say.
        ProhibitNullCharactersValidator.message = UNCLEAN
        ProhibitSurrogateCharactersValidator.message = UNCLEAN
