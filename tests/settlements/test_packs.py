"""The settlement pack: one PDF, one workbook, kept, equal to what was signed."""

import io

import openpyxl
import pypdfium2
import pytest

from documents import circulation
from documents.refusals import Blocked
from settlements.packs import members, pack, read_pack
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

    pdf = pypdfium2.PdfDocument(read_pack(pack(application, "pdf")))
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

    data = read_pack(pack(application, "xlsx"))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    cells = {cell.value for row in values.worksheets[0].iter_rows() for cell in row}
    assert {8643, 864.3, 9507.3} <= cells
    assert any(
        str(cell.value).startswith("=") for row in formulas.worksheets[0].iter_rows() for cell in row if cell.value
    )


def test_the_same_bytes_on_every_download(cast, application):
    application = forms.sign_through(application, cast)

    assert read_pack(pack(application, "pdf")) == read_pack(pack(application, "pdf"))
    assert pack(application, "pdf").pk == pack(application, "pdf").pk
