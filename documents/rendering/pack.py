"""A settlement pack as one PDF: cover with contents, the kept forms, and the attachments as plain pages.

Everything that is put on top of a page (the pack's page number, the header of an attachment, the mark on the edge) comes from
one more PDF of our own that is laid over page by page; the forms themselves go in as they were kept.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string
from pikepdf import Name, OutlineItem, Pdf

from documents.money import figures, rmb_capital
from documents.rendering import engine, flattening
from documents.rendering.engine import printable
from documents.rendering.paper import Cover, PackAttachment, PackPart, pdf_date
from documents.rendering.pdf import css, qr_path

MAX_ATTACHMENT_BYTES = 25_000_000
MAX_ATTACHMENTS_BYTES = 300_000_000
# The whole of the attachments; one file has ``flattening.FILE_SECONDS``.
FLATTENING_SECONDS = 600
MAX_NAME = 46

_MISSING = "missing"
_REASONS = {
    flattening.BROKEN: "文件已损坏，无法打开",
    flattening.ENCRYPTED: "文件设有密码，无法打开",
    flattening.TOO_LONG: f"超过 {flattening.MAX_PAGES} 页，未装入",
    flattening.TOO_LARGE: "文件过大，未装入",
    flattening.UNKNOWN: "不是 PDF 或图片，请在系统中下载原件",
    _MISSING: "文件缺失，请联系系统管理员",
}


@dataclass(frozen=True, slots=True)
class _Flat:
    """What became of an attachment: pages, or the reason why there are none."""

    attachment: PackAttachment
    data: bytes | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Section:
    """A run of pages of the pack: how contents, bookmarks and headers call it."""

    label: str
    number: str
    amount: str
    pages: int
    header: str = ""


def pack_pdf(cover: Cover, parts: Sequence[PackPart], attachments: Sequence[PackAttachment]) -> bytes:
    """One PDF of a cover, forms and attachments, with overall page numbers and bookmarks.

    A file that is broken, locked, too large or no PDF or picture is named on the cover with the reason; it never spoils the
    pack. The same input gives the same bytes. Takes about 0.2 s more than the pages need, for the process that opens
    foreign files.
    """
    flats = flatten_all(attachments)
    shown = [flat for flat in flats if flat.data is not None]
    sources = [Pdf.open(io.BytesIO(part.data)) for part in parts]
    sources += [Pdf.open(io.BytesIO(flat.data or b"")) for flat in shown]
    sections = [
        _Section(part.title, part.number, figures(part.amount) if part.amount is not None else "", len(source.pages))
        for part, source in zip(parts, sources, strict=False)
    ]
    for place, flat in enumerate(flats, start=1):
        if flat.data is None:
            continue
        name = f"附件 {place}/{len(flats)}　{_short(flat.attachment.name)}"
        pages = len(sources[len(sections)].pages)
        sections.append(_Section(name, flat.attachment.number, "", pages, f"{name}（{flat.attachment.number}）"))
    try:
        return _assembled(cover, _cover_pdf(cover, sections, flats), sections, sources)
    finally:
        for source in sources:
            source.close()


def flatten_all(attachments: Sequence[PackAttachment]) -> list[_Flat]:
    """Every attachment as A4 pages of ours, in order; foreign files are only opened in a limited process."""
    outcomes: dict[int, _Flat] = {}
    with tempfile.TemporaryDirectory(prefix="pack-") as name:
        folder, places, taken = Path(name), [], 0
        for place, attachment in enumerate(attachments):
            data, reason = _read(attachment, MAX_ATTACHMENTS_BYTES - taken)
            if data is None:
                outcomes[place] = _Flat(attachment, None, reason)
                continue
            taken += len(data)
            (folder / f"{len(places)}.in").write_bytes(data)
            places.append(place)
        _work_through(folder, len(places))
        for index, place in enumerate(places):
            outcomes[place] = _outcome(folder, index, attachments[place])
    return [outcomes[place] for place in range(len(attachments))]


def _read(attachment: PackAttachment, room: int) -> tuple[bytes | None, str]:
    if attachment.size > min(MAX_ATTACHMENT_BYTES, room):
        return None, flattening.TOO_LARGE
    try:
        data = attachment.read()
    except OSError:
        return None, _MISSING
    return (data, "") if len(data) <= min(MAX_ATTACHMENT_BYTES, room) else (None, flattening.TOO_LARGE)


def _work_through(folder: Path, count: int) -> None:
    """Run the limited process until every file has an outcome; one on which it dies is skipped."""
    first = 0
    while first < count:
        try:
            subprocess.run(
                [sys.executable, "-m", "documents.rendering.flattening", str(folder), str(first)],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=FLATTENING_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return
        undone = (i for i in range(first, count) if not any((folder / f"{i}.{s}").exists() for s in ("pdf", "why")))
        first = next(undone, count) + 1


def _outcome(folder: Path, index: int, attachment: PackAttachment) -> _Flat:
    flat = folder / f"{index}.pdf"
    if flat.exists():
        return _Flat(attachment, flat.read_bytes())
    why = folder / f"{index}.why"
    return _Flat(attachment, None, why.read_text() if why.exists() else flattening.BROKEN)


def _short(name: str) -> str:
    """A file name that fits a header: its beginning and its ending."""
    name = printable(name).replace("\n", " ")
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 13]}…{name[-12:]}"


def _cover_pdf(cover: Cover, sections: Sequence[_Section], flats: Sequence[_Flat]) -> bytes:
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


def _cover(cover: Cover, sections: Sequence[_Section], flats: Sequence[_Flat], pages: int) -> dict[str, object]:
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
        f"{_REASONS.get(flat.reason, _REASONS[flattening.BROKEN])}"
        for place, flat in enumerate(flats, start=1)
        if flat.data is None
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


def _assembled(cover: Cover, cover_pdf: bytes, sections: Sequence[_Section], sources: Sequence[Pdf]) -> bytes:
    with Pdf.open(io.BytesIO(cover_pdf)) as front, Pdf.new() as target:
        target.pages.extend(front.pages)
        marks = [OutlineItem(f"封面 {cover.title}", 0)]
        headers = [""] * len(front.pages)
        for section, source in zip(sections, sources, strict=True):
            marks.append(OutlineItem(f"{section.label} {section.number}".strip(), len(target.pages)))
            target.pages.extend(source.pages)
            headers += [section.header] * section.pages
        with _stamps(cover, target, headers) as stamps:
            for index, (page, stamp) in enumerate(zip(target.pages, stamps.pages, strict=True)):
                _lay_over(target, page, stamp, Name(f"/Stamp{index}"))
        with target.open_outline() as outline:
            outline.root.extend(marks)
        target.Root.PageMode = Name.UseOutlines
        target.Root.Lang = "zh-CN"
        target.docinfo["/Title"] = f"{cover.title} {cover.number}"
        target.docinfo["/CreationDate"] = target.docinfo["/ModDate"] = pdf_date(cover.moment)
        output = io.BytesIO()
        target.save(output, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return output.getvalue()


def _lay_over(target: Pdf, page: pikepdf.Page, stamp: pikepdf.Page, name: Name) -> None:
    """Draw a stamp over a page. ``add_overlay`` would do, but it names the drawing at random."""
    drawing = target.copy_foreign(stamp.as_form_xobject())
    page.add_resource(drawing, Name.XObject, name)
    rectangle = pikepdf.Rectangle(*(float(edge) for edge in page.mediabox))
    placing = page.calc_form_xobject_placement(drawing, name, rectangle, allow_expand=True)
    # What the page's own drawing leaves set (colours, a turned grid) must not reach the stamp.
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + placing)


def _stamps(cover: Cover, target: Pdf, headers: Sequence[str]) -> Pdf:
    """Our second layer: a page for each of the pack's, of the same shape."""
    total = len(headers)
    pages = []
    for index, (page, header) in enumerate(zip(target.pages, headers, strict=True)):
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        pages.append(
            {
                "wide": right - left > top - bottom,
                "header": printable(header),
                "number": index + 1,
                # Where the mark on the outer edge stands: seen from the side, the pack shows one unbroken slope.
                "edge": f"{4 + 88 * index / max(total - 1, 1):.2f}",
            }
        )
    html = render_to_string(
        "documents/print/stamps.html", {"pages": pages, "total": total, "title": f"{cover.title} {cover.number}"}
    )
    return Pdf.open(io.BytesIO(engine.render(html, css("stamps"))))
