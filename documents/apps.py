"""Documents app: the circulation engine."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Circulation of all forms."""

    name = "documents"
    verbose_name = _("单据流转")

    def ready(self) -> None:
        from documents import checks, guards  # noqa: F401  (registers the checks)
        from documents.noticing import tell_heads
        from documents.vocabulary import Kind
        from organization import appointing, wording

        appointing.listen(tell_heads)
        wording.CHOICES["kind"] = Kind
        # SQLite rebuilds tables on some migrations and drops their triggers silently: install all after each migrate.
        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid="guards")
