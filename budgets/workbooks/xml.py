"""One guarded way to walk an XML part: no document type, no entities, names without their prefix. Standard library only."""

from collections.abc import Callable
from xml.parsers import expat

from budgets.workbooks.refusal import Refusal

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def _forbid(*_arguments: object) -> int:
    raise Refusal("doctype")


def walk(part: bytes, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Call back for every element; attributes come by local name too (``r:id`` as ``id``)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _forbid
    parser.EntityDeclHandler = _forbid
    parser.ExternalEntityRefHandler = _forbid

    def started(name: str, attributes: dict[str, str]) -> None:
        if attributes:
            attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        start(name.rpartition(":")[2], attributes)

    parser.StartElementHandler = started
    if end:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise Refusal("damaged") from error
