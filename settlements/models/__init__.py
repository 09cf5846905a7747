"""Applications for what was confirmed, and the packs made of them."""

from settlements.models.application import (
    Application,
    ApplicationLine,
    ApplicationOrigin,
    InvoiceKind,
    Layout,
    Nature,
)
from settlements.models.pack import Pack, PackRun

__all__ = ["Application", "ApplicationLine", "ApplicationOrigin", "InvoiceKind", "Layout", "Nature", "Pack", "PackRun"]
