"""Reading JSON within limits: DRF reads the stream itself and so passes Django's limit on bodies by."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class TooLong(APIException):
    """A body over ``DATA_UPLOAD_MAX_MEMORY_SIZE``."""

    status_code = 413


class BoundedJSONParser(JSONParser):
    """JSON of a bounded length and depth."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        request = (parser_context or {}).get("request")
        length = int(request.META.get("CONTENT_LENGTH") or 0) if request else 0
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLong(_("发送的内容过大，请分开提交。"))
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("JSON 嵌套过深，无法识别。")) from error
