"""Attachments become plain A4 pages: what is left of a foreign file is what one sees. Runs in a process of its own.

``python -m documents.rendering.flattening FOLDER FIRST`` reads ``0.in``, ``1.in`` … from ``FIRST`` on and writes ``0.pdf`` or,
for a file that cannot be shown, ``0.why`` with a code (both for one that had to be repaired). A file that brings the process down (a decompression bomb, endless
loops) has neither; the parent goes on behind it. No Django here: the process starts in a fifth of a second.
"""

import io
import resource
import signal
import sys
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageOps

MEMORY_BYTES = 1_500_000_000
# Of computing, not of waiting: a busy machine must not make a sound photograph a broken file. Waiting is limited by the parent.
FILE_SECONDS = 20
MAX_STREAM_BYTES = 200_000_000
MAX_PAGES = 200
MAX_PIXELS = 60_000_000
# Longest edge of a picture on A4 at 200 dpi.
MAX_EDGE = 2_340

A4 = (595.276, 841.89)
# Room for our header above and the page number below, in points.
MARGIN_X, MARGIN_TOP, MARGIN_BOTTOM = 34.0, 48.0, 30.0

# Keys that can hold a script, a file, an address or a link to an outside object, wherever they stand.
ACTIVE_KEYS = (
    "/AA", "/AF", "/Alternates", "/EF", "/EmbeddedFiles", "/JS", "/JavaScript", "/Launch", "/Metadata", "/OPI",
    "/OpenAction", "/PieceInfo", "/Ref", "/StructParent", "/StructParents", "/URI",
)  # fmt: skip
BROKEN, ENCRYPTED, TOO_LONG, TOO_LARGE = "broken", "encrypted", "too_long", "too_large"
OFFICE, UNKNOWN = "office", "unknown"
# Not a reason to leave a file out: what could be read of it is shown, and the cover says so.
REPAIRED = "repaired"
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


class Refused(Exception):
    """The file cannot be shown; the message is one of the codes above."""


def flatten(data: bytes) -> bytes:
    """A4 pages with the look of a PDF or picture and nothing else of it. Raises ``Refused``."""
    if data[:5] == b"%PDF-" or b"%PDF-" in data[:1024]:
        return _flatten_pdf(data)
    if data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n":
        return _flatten_picture(data)
    if not data:
        raise Refused(BROKEN)
    # No other archives are taken as attachments.
    raise Refused(OFFICE if data.startswith((OLE, ZIP)) else UNKNOWN)


def is_damaged(data: bytes) -> bool:
    """Whether a PDF opens only after a repair: pages may be missing without a word, as in one cut short on its way."""
    if b"%PDF-" not in data[:1024]:
        return False
    try:
        with Pdf.open(io.BytesIO(data), attempt_recovery=False) as source:
            return not source.pages
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return True


def _flatten_pdf(data: bytes) -> bytes:
    try:
        with Pdf.open(io.BytesIO(data)) as source, Pdf.new() as target:
            if len(source.pages) > MAX_PAGES:
                raise Refused(TOO_LONG)
            if not len(source.pages):
                raise Refused(BROKEN)
            _keep_looks_of_annotations(source)
            for page in source.pages:
                _add_pdf_page(target, page)
            _scrub(target)
            return _saved(target)
    except pikepdf.PasswordError as error:
        raise Refused(ENCRYPTED) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError) as error:
        raise Refused(BROKEN) from error


def _keep_looks_of_annotations(source: Pdf) -> None:
    """Seals of electronic invoices and filled fields are annotations: their look becomes part of the page."""
    try:
        source.flatten_annotations("all")
    except (pikepdf.PdfError, RuntimeError, ValueError):
        # A damaged seal is no reason to lose the invoice.
        return


def _add_pdf_page(target: Pdf, page: pikepdf.Page) -> None:
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    width, height = abs(right - left), abs(top - bottom)
    if int(page.obj.get(Name.Rotate, 0)) % 180:
        width, height = height, width
    if not (1 <= width <= 20_000 and 1 <= height <= 20_000):
        raise Refused(BROKEN)
    # Only the page's drawing and its resources come along: no annotation, action, script or file of the page or document.
    form = target.copy_foreign(page.as_form_xobject())
    _place(target, form, width, height, form_units=True)


def _place(target: Pdf, drawing: pikepdf.Object, width: float, height: float, *, form_units: bool) -> None:
    """Put a drawing into the frame of a new A4 page, upright or sideways, never enlarged beyond its own size."""
    page_width, page_height = A4 if width <= height else A4[::-1]
    room = (page_width - 2 * MARGIN_X, page_height - MARGIN_TOP - MARGIN_BOTTOM)
    scale = min(room[0] / width, room[1] / height)
    if form_units:
        scale = min(scale, 1.0)
    x = (page_width - width * scale) / 2
    y = MARGIN_BOTTOM + (room[1] - height * scale) / 2
    target.add_blank_page(page_size=(page_width, page_height))
    page = target.pages[-1]
    if form_units:
        # A page may be rotated and its origin elsewhere: qpdf writes the matrix that brings it into the rectangle.
        name = page.add_resource(drawing, Name.XObject, Name.Seen)
        rectangle = pikepdf.Rectangle(x, y, x + width * scale, y + height * scale)
        page.contents_add(page.calc_form_xobject_placement(drawing, name, rectangle))
    else:
        name = page.add_resource(drawing, Name.XObject, Name.Seen)
        page.contents_add(f"q {width * scale:.3f} 0 0 {height * scale:.3f} {x:.3f} {y:.3f} cm {name} Do Q".encode())


def _flatten_picture(data: bytes) -> bytes:
    """The picture decoded and encoded anew: what hides behind the pixels stays behind."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refused(TOO_LARGE)
            opened.draft("RGB", (MAX_EDGE, MAX_EDGE))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((MAX_EDGE, MAX_EDGE), Image.Resampling.LANCZOS)
            picture = _on_white(picture)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused(TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Refused(BROKEN) from error
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=82)
    with Pdf.new() as target:
        image = Stream(target, encoded.getvalue())
        image.Type, image.Subtype = Name.XObject, Name.Image
        image.Width, image.Height = picture.width, picture.height
        image.ColorSpace = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
        image.BitsPerComponent, image.Filter = 8, Name.DCTDecode
        _place(target, target.make_indirect(image), picture.width, picture.height, form_units=False)
        return _saved(target)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("L", "1"):
        return picture.convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        alpha = picture.convert("RGBA")
        white = Image.new("RGBA", alpha.size, "white")
        return Image.alpha_composite(white, alpha).convert("RGB")
    return picture.convert("RGB")


def _scrub(target: Pdf) -> None:
    """Take what could still act or point outside out of resources: scripts, files, actions, foreign streams."""
    for thing in target.objects:
        for holder in _dictionaries(thing):
            for key in ACTIVE_KEYS:
                if key in holder:
                    del holder[key]
    for thing in target.objects:
        # A stream whose data lie in another file.
        if isinstance(thing, Stream):
            for key in ("/F", "/FFilter", "/FDecodeParms"):
                if key in thing:
                    del thing[key]


def _dictionaries(thing: pikepdf.Object) -> list[pikepdf.Object]:
    """An object's dictionary and those written inside it (indirect ones come up by themselves)."""
    found, waiting, inner = [], [thing], False
    while waiting:
        current = waiting.pop()
        if inner and getattr(current, "is_indirect", False):
            continue
        inner = True
        if isinstance(current, (Dictionary, Stream)):
            found.append(current)
            waiting += [value for _key, value in current.items() if isinstance(value, (Dictionary, Array))]
        elif isinstance(current, Array):
            waiting += [value for value in current if isinstance(value, (Dictionary, Array))]
    return found


def _saved(target: Pdf) -> bytes:
    output = io.BytesIO()
    target.remove_unreferenced_resources()
    target.save(output, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    if output.tell() > MAX_STREAM_BYTES:
        raise Refused(TOO_LARGE)
    return output.getvalue()


def main(folder: Path, first: int) -> None:
    """Work through a folder's files in order."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    # Unhandled on purpose: the alarm ends the process even in the middle of C code.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MAX_STREAM_BYTES,
        png_max_memory=MAX_STREAM_BYTES,
        tiff_max_memory=MAX_STREAM_BYTES,
        run_length_max_memory=MAX_STREAM_BYTES,
        dct_max_memory=MAX_STREAM_BYTES,
    )
    index = first
    while (source := folder / f"{index}.in").exists():
        signal.setitimer(signal.ITIMER_PROF, FILE_SECONDS)
        try:
            data = source.read_bytes()
            result, suffix = flatten(data), "pdf"
            if is_damaged(data):
                (folder / f"{index}.why").write_text(REPAIRED)
        except Refused as refusal:
            result, suffix = str(refusal).encode(), "why"
        except (MemoryError, RecursionError):
            result, suffix = TOO_LARGE.encode(), "why"
        part = folder / f"{index}.part"
        part.write_bytes(result)
        part.rename(folder / f"{index}.{suffix}")
        source.unlink()
        index += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
