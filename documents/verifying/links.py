"""Keys that lead nowhere: rows whose document, person, line … is gone. Databases refuse that, unless told not to."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Exists, ForeignKey, OuterRef

from documents import kinds


def differences() -> Iterator[str]:
    """Every foreign key of the product's own tables, one query each."""
    owners = {part.__module__.split(".")[0] for form in kinds.registered() for part in kinds.parts(form.kind)}
    for label in sorted(owners | {"organization", "documents"}):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                if not isinstance(field, ForeignKey):
                    continue
                target = field.related_model._base_manager.filter(**{field.target_field.name: OuterRef(field.attname)})
                lost = model._base_manager.filter(**{f"{field.name}__isnull": False}).filter(~Exists(target))
                for pk in lost.order_by("pk").values_list("pk", flat=True):
                    yield f"{model._meta.db_table} {pk} {field.column}: leads nowhere"
