"""A settlement pack as one PDF: cover with contents, the kept forms, and the attachments as plain pages.

Everything that is put on top of a page (the pack's page number, the header of an attachment, the mark on the edge) comes from
one more PDF of our own that is laid over page by page; the forms themselves go in as they were kept.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pikepdf
from django.template.loader import render_to_string
from pikepdf import Name, OutlineItem, Pdf

from documents.money import figures, rmb_capital
from documents.rendering import engine, flattening
from documents.rendering.engine import printable
from documents.rendering.foreign import REASONS, Flat, flatten_all
from documents.rendering.paper import Cover, PackAttachment, PackPart, pdf_date
from documents.rendering.pdf import css, qr_path
from documents.runs import Progress, silent

MAX_NAME = 46
# So many sources are open at once, so many pages are stamped at once: what bounds memory and open files.
SOURCES_AT_ONCE = 50
STAMPS_AT_ONCE = 100

# Stages of the work, in order, as ``progress(stage, done, total)`` names them.
FORMS, ATTACHMENTS, ASSEMBLING = "forms", "attachments", "assembling"


@dataclass(frozen=True, slots=True)
class _Section:
    """A run of pages of the pack: how contents, bookmarks and headers call it."""

    label: str
    number: str
    amount: str
    pages: int
    header: str = ""


class _Bundle:
    """Sources put one behind the other into a few files on disk: their pages are known, their bytes are not in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[Path] = []
        self._waiting: list[Pdf] = []

    def add(self, source: bytes | Path) -> int:
        """Take a PDF in; how many pages it has."""
        opened = Pdf.open(io.BytesIO(source) if isinstance(source, bytes) else source)
        self._waiting.append(opened)
        pages = len(opened.pages)
        if len(self._waiting) == SOURCES_AT_ONCE:
            self.flush()
        return pages

    def flush(self) -> None:
        """Write down what is waiting."""
        if not self._waiting:
            return
        path = self.folder / f"bundle-{len(self.files)}.pdf"
        with Pdf.new() as target:
            for source in self._waiting:
                target.pages.extend(source.pages)
            target.save(path, deterministic_id=True)
        self.close()
        self.files.append(path)

    def close(self) -> None:
        """Let go of what is open."""
        for source in self._waiting:
            source.close()
        self._waiting.clear()


def pack_pdf(
    target: IO[bytes],
    cover: Cover,
    parts: Sequence[PackPart],
    attachments: Sequence[PackAttachment],
    progress: Progress = silent,
) -> None:
    """Write into ``target`` one PDF of a cover, forms and attachments, with overall page numbers and bookmarks.

    A file that is broken, locked, too large or no PDF or picture is named on the cover with the reason; it never spoils the
    pack. The same input gives the same bytes. What ``progress`` raises ends the work.
    """
    with tempfile.TemporaryDirectory(prefix="pack-") as name:
        folder = Path(name)
        bundle = _Bundle(folder)
        try:
            sections = list(_forms(bundle, parts, progress))
            flats = _flattened(folder, attachments, progress)
            sections += _attachments(bundle, flats)
            bundle.flush()
        finally:
            bundle.close()
        _assemble(target, cover, _cover_pdf(cover, sections, flats), sections, bundle.files, progress)


def _forms(bundle: _Bundle, parts: Sequence[PackPart], progress: Progress) -> Iterator[_Section]:
    progress(FORMS, 0, len(parts))
    for place, part in enumerate(parts, start=1):
        amount = figures(part.amount) if part.amount is not None else ""
        yield _Section(part.title, part.number, amount, bundle.add(part.read()))
        progress(FORMS, place, len(parts))


def _flattened(folder: Path, attachments: Sequence[PackAttachment], progress: Progress) -> list[Flat]:
    foreign = folder / "foreign"
    foreign.mkdir()
    progress(ATTACHMENTS, 0, len(attachments))
    return flatten_all(attachments, foreign, lambda done: progress(ATTACHMENTS, done, len(attachments)))


def _attachments(bundle: _Bundle, flats: Sequence[Flat]) -> Iterator[_Section]:
    for place, flat in enumerate(flats, start=1):
        if flat.path is None:
            continue
        name = f"附件 {place}/{len(flats)}　{_short(flat.attachment.name)}"
        number = flat.attachment.number
        yield _Section(name, number, "", bundle.add(flat.path), f"{name}（{number}）")


def _short(name: str) -> str:
    """A file name that fits a header: its beginning and its ending."""
    name = printable(name).replace("\n", " ")
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 13]}…{name[-12:]}"


def _cover_pdf(cover: Cover, sections: Sequence[_Section], flats: Sequence[Flat]) -> bytes:
    """The cover, rendered with the page numbers that its own length makes."""
    pages = 1
    while True:
        data = engine.render(
            render_to_string("documents/print/cover.html", _cover(cover, sections, flats, pages)), css("cover")
        )
        with Pdf.open(io.BytesIO(data)) as rendered:
            actual = len(rendered.pages)
        # A longer cover moves the numbers, and longer numbers cannot shorten the cover: this ends.
        if actual <= pages:
            return data
        pages = actual


def _cover(cover: Cover, sections: Sequence[_Section], flats: Sequence[Flat], pages: int) -> dict[str, object]:
    contents, page = [], pages + 1
    for place, section in enumerate(sections, start=1):
        contents.append(
            {
                "place": place,
                "label": printable(section.label),
                "number": printable(section.number),
                "amount": section.amount,
                "page": page,
            }
        )
        page += section.pages
    left_out = [
        f"附件 {place}/{len(flats)} {printable(flat.attachment.name)}（{printable(flat.attachment.number)}）："
        f"{REASONS.get(flat.reason, REASONS[flattening.BROKEN])}"
        for place, flat in enumerate(flats, start=1)
        if flat.reason
    ]
    return {
        "company": printable(cover.company),
        "title": printable(cover.title),
        "number": printable(cover.number),
        "check_code": cover.check_code,
        "created": cover.moment.isoformat(),
        "qr": qr_path(cover.verify_url) if cover.verify_url else None,
        "facts": [(printable(label), printable(text)) for label, text in cover.facts],
        "amount": None
        if cover.amount is None
        else {
            "label": printable(cover.amount_label),
            "capitals": f"人民币{rmb_capital(cover.amount)}",
            "figures": f"¥{figures(cover.amount)}",
        },
        "contents": contents,
        "pages": page - 1,
        "missing": [printable(text) for text in cover.missing],
        "left_out": left_out,
        "notes": [printable(text) for text in cover.notes],
    }


def _assemble(
    file: IO[bytes],
    cover: Cover,
    cover_pdf: bytes,
    sections: Sequence[_Section],
    files: Sequence[Path],
    progress: Progress,
) -> None:
    with ExitStack() as stack:
        target = stack.enter_context(Pdf.new())
        front = stack.enter_context(Pdf.open(io.BytesIO(cover_pdf)))
        headers = [""] * len(front.pages)
        marks = [OutlineItem(f"封面 {cover.title}", 0)]
        for section in sections:
            marks.append(OutlineItem(f"{section.label} {section.number}".strip(), len(headers)))
            headers += [section.header] * section.pages
        target.pages.extend(front.pages)
        for path in files:
            target.pages.extend(stack.enter_context(Pdf.open(path)).pages)
        for first in range(0, len(headers), STAMPS_AT_ONCE):
            progress(ASSEMBLING, first, len(headers))
            _stamp(cover, target, headers, first)
        with target.open_outline() as outline:
            outline.root.extend(marks)
        target.Root.PageMode = Name.UseOutlines
        target.Root.Lang = "zh-CN"
        target.docinfo["/Title"] = f"{cover.title} {cover.number}"
        target.docinfo["/CreationDate"] = target.docinfo["/ModDate"] = pdf_date(cover.moment)
        progress(ASSEMBLING, len(headers), len(headers))
        target.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _stamp(cover: Cover, target: Pdf, headers: Sequence[str], first: int) -> None:
    """Lay our second layer over a run of pages."""
    run = range(first, min(first + STAMPS_AT_ONCE, len(headers)))
    with _stamps(cover, target, headers, run) as stamps:
        for index, stamp in zip(run, stamps.pages, strict=True):
            _lay_over(target, target.pages[index], stamp, Name(f"/Stamp{index}"))


def _lay_over(target: Pdf, page: pikepdf.Page, stamp: pikepdf.Page, name: Name) -> None:
    """Draw a stamp over a page. ``add_overlay`` would do, but it names the drawing at random."""
    drawing = target.copy_foreign(stamp.as_form_xobject())
    page.add_resource(drawing, Name.XObject, name)
    rectangle = pikepdf.Rectangle(*(float(edge) for edge in page.mediabox))
    placing = page.calc_form_xobject_placement(drawing, name, rectangle, allow_expand=True)
    # What the page's own drawing leaves set (colours, a turned grid) must not reach the stamp.
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + placing)


def _stamps(cover: Cover, target: Pdf, headers: Sequence[str], run: range) -> Pdf:
    """Our second layer: a page for each of the run's, of the same shape."""
    total = len(headers)
    pages = []
    for index in run:
        left, bottom, right, top = (float(edge) for edge in target.pages[index].mediabox)
        pages.append(
            {
                "wide": right - left > top - bottom,
                "header": printable(headers[index]),
                "number": index + 1,
                # Where the mark on the outer edge stands: seen from the side, the pack shows one unbroken slope.
                "edge": f"{4 + 88 * index / max(total - 1, 1):.2f}",
            }
        )
    html = render_to_string(
        "documents/print/stamps.html", {"pages": pages, "total": total, "title": f"{cover.title} {cover.number}"}
    )
    return Pdf.open(io.BytesIO(engine.render(html, css("stamps"))))
