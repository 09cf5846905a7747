"""What paper says of a form, in words: its title in one piece, which submission it is, what makes it void."""

from decimal import Decimal

import pypdfium2
import pytest

from documents.models import Document
from documents.rendering import layout, pdf
from documents.rendering.printout import printout
from documents.sheets import CellKind, Column, Row, Sheet, Summary, SummaryRow
from documents.tables import summaries
from documents.vocabulary import Kind, Result
from tests import forms
from tests.documents import papers
from tests.intervention import papered

TITLES = sorted({str(label) for label in (*Kind.labels, *Result.labels)})


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize("title", TITLES)
def test_no_title_of_the_guide_is_broken(title, landscape):
    assert layout.title_lines(title, landscape=landscape)[1] == [title]


def test_a_very_long_title_stands_on_two_lines_of_about_the_same_length():
    _name, lines = layout.title_lines("翠湖花园二期" * 5, landscape=False)
    assert [len(line) for line in lines] == [15, 15]


def test_the_longest_title_stands_on_one_line_of_the_page():
    longest = max(TITLES, key=len)
    page = pypdfium2.PdfDocument(pdf.render(papers.paper(papers.sheet(title=longest))))[0]
    assert longest in page.get_textpage().get_text_range()


@pytest.mark.django_db
def test_what_voids_a_form_by_its_amount_is_said_where_there_is_one(cast):
    assert "大小写金额不一致时本单无效" in printout(forms.submitted(cast)).note
    confirmation = papered.submitted(papered.publicity(cast))
    assert printout(Document.objects.get(pk=confirmation.pk)).note == (
        "说明：本单由系统生成，签批记录以系统为准；扫描左上角二维码核对单据编号与签批状态。"
    )


def test_counts_are_summed_as_whole_numbers_and_hours_with_two_decimals():
    cells = {"visitors": Decimal(26), "hours": Decimal("16")}
    sheet = Sheet(
        title="月度汇总",
        columns=(Column("visitors", "参观人数", CellKind.INTEGER), Column("hours", "人时", CellKind.QUANTITY)),
        rows=(Row("1", 1, cells),),
        summaries=(Summary("合计", "按确认情况", ("visitors", "hours"), (SummaryRow("已确认", cells, ("1",)),)),),
    )
    (one,) = summaries(sheet)
    assert (one.rows, one.total) == ([("已确认", ["26", "16.00"], "")], ["26", "16.00"])
