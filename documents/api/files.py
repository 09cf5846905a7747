"""Files, through the same doors as on the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from documents.api.errors import ERRORS
from documents.views import files

REVISION = OpenApiParameter("revision", int, description="A submitted revision; by default what the page shows.")


class AnyAccept(BaseContentNegotiation):
    """A file is what it is, whatever the caller says it accepts; errors stay JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class FileView(APIView):
    """A file of a form that the person who asks may see."""

    content_negotiation_class = AnyAccept


class PdfView(FileView):
    """The form on A4."""

    @extend_schema(
        parameters=[REVISION],
        responses={(200, files.filetypes.PDF): OpenApiTypes.BINARY, **ERRORS},
        operation_id="documents_pdf",
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        """The PDF of the form."""
        return files.pdf(request._request, reference)


class XlsxView(FileView):
    """The form as a workbook."""

    @extend_schema(
        parameters=[REVISION],
        responses={(200, files.XLSX): OpenApiTypes.BINARY, **ERRORS},
        operation_id="documents_xlsx",
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        """The workbook of the form."""
        return files.xlsx(request._request, reference)


class AttachmentView(FileView):
    """An attached file."""

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **ERRORS},
        operation_id="documents_attachment",
    )
    def get(self, request: Request, reference: str, pk: int) -> HttpResponse:
        """The bytes as they were uploaded."""
        return files.attachment(request._request, reference, pk)
