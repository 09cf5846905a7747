"""The composition root as an app: commands that need every other app (demo, worker)."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Nothing but commands; it has no tables."""

    name = "config"
