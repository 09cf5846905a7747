"""The circulation engine's tables."""

from documents.models.attachment import Attachment, RenderedFile, RequiredPaper
from documents.models.chain import Act, Copy, Step
from documents.models.document import Document, Editor, Revision
from documents.models.notice import Notice
from documents.models.policy import Counter, Period, Policy
from documents.models.run import Run
from documents.models.trail import Event, Seal

__all__ = [
    "Act",
    "Attachment",
    "Copy",
    "Counter",
    "Document",
    "Editor",
    "Event",
    "Notice",
    "Period",
    "Policy",
    "RenderedFile",
    "RequiredPaper",
    "Revision",
    "Run",
    "Seal",
    "Step",
]
