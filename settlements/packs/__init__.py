"""The settlement pack of an approved application: one PDF and one workbook, made by the worker, once, and kept."""

from settlements.packs.contents import members
from settlements.packs.making import FORMATS, pack

__all__ = ["FORMATS", "members", "pack"]
