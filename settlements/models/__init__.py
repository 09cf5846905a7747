"""Applications for what was confirmed, and the packs made of them."""

from settlements.models.application import Application, ApplicationLine
from settlements.models.pack import Pack, PackRun

__all__ = ["Application", "ApplicationLine", "Pack", "PackRun"]
