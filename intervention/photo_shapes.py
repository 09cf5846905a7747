"""What the API answers of photographs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from intervention.site.vocabulary import PhotoRole


class PhotoShape(serializers.Serializer):
    """A photograph; its bytes are at ``full`` and ``small``."""

    id = serializers.IntegerField(source="pk")
    role = serializers.ChoiceField(choices=PhotoRole.choices, allow_blank=True)
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    taken_at = serializers.DateTimeField(allow_null=True)
    has_position = serializers.BooleanField()
    uploaded_at = serializers.DateTimeField()
    full = serializers.SerializerMethodField()
    small = serializers.SerializerMethodField()

    def get_full(self, photo: Any) -> str:
        """The address of the whole picture."""
        return reverse("intervention_api:photo", args=[photo.pk, "full"])

    def get_small(self, photo: Any) -> str:
        """The address of the small picture."""
        return reverse("intervention_api:photo", args=[photo.pk, "small"])
