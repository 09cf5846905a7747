"""The settlement pack: one PDF, one workbook, kept, equal to what was signed."""

import io

import openpyxl
import pypdfium2
import pytest
from django.utils import translation

from documents import circulation, guards
from documents.models import Document, RenderedFile
from documents.refusals import Blocked
from documents.rendering.kept import read
from organization import clock
from settlements.models import Pack
from settlements.packs import members, pack
from tests import forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(cast, fixed_clock):
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    document = forms.application(cast)
    circulation.submit(document_id=document.pk, actor=cast.property_finance)
    return document


def test_a_pack_only_exists_of_an_approved_application(application):
    with pytest.raises(Blocked, match="通过之后"):
        pack(application, "pdf")


def test_the_pack_holds_application_forms_and_confirmations_with_their_sums(cast, application):
    application = forms.sign_through(application, cast)
    assert [document.number for document in members(application)] == [
        "CH-EA-202612-001",
        "CH-PR-202612-001",
        "CH-WC-202612-001",
    ]

    pdf = pypdfium2.PdfDocument(read(pack(application, "pdf")))
    text = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    for expected in (
        "结算资料包",
        "CH-PR-202612-001",
        "CH-WC-202612-001",
        "8,643.00",
        "864.30",
        "9,507.30",
        "玖仟伍佰零柒元叁角整",
    ):
        assert expected in text, expected

    data = read(pack(application, "xlsx"))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    assert values.sheetnames == ["汇总", "CH-EA-202612-001", "CH-PR-202612-001", "CH-WC-202612-001"]
    for sheet, live in zip(values.worksheets, formulas.worksheets, strict=True):
        cells = {cell.value for row in sheet.iter_rows() for cell in row}
        assert ({8643, 864.3, 9507.3} if sheet.title in values.sheetnames[:2] else {8643}) <= cells
        assert any(str(cell.value).startswith("=") for row in live.iter_rows() for cell in row if cell.value)


def test_the_same_bytes_on_every_download(cast, application):
    """A pack made anew from nothing on another day, in another language, is the one that was kept."""
    application = forms.sign_through(application, cast)
    kept = {form: (pack(application, form).pk, read(pack(application, form))) for form in ("pdf", "xlsx")}
    assert {form: (pack(application, form).pk, read(pack(application, form))) for form in kept} == kept

    guards.uninstall()
    Pack.objects.all().delete()
    RenderedFile.objects.all().delete()
    guards.install()
    with clock.at(clock.shanghai(2027, 3, 1)), translation.override("en"):
        again = {form: read(pack(Document.objects.get(pk=application.pk), form)) for form in kept}
    assert again == {form: data for form, (_pk, data) in kept.items()}
