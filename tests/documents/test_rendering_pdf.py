"""Forms as PDF: what stands on the paper, read back with another library."""

import hashlib
import io
import re
import subprocess
import sys
from decimal import Decimal as D

import pikepdf
import pypdfium2
import pytest
from django.conf import settings

from documents.rendering import engine, pdf
from documents.rendering.paper import UNFINISHED, VOIDED
from documents.rendering.pdf import render
from documents.sheets import Column, Fact
from tests.documents.papers import COLUMNS, PAYLOADS, WIDE_COLUMNS, paper, row, rows, sheet

ACTIVE = {
    "/JS",
    "/JavaScript",
    "/EmbeddedFiles",
    "/EF",
    "/URI",
    "/Launch",
    "/OpenAction",
    "/AA",
    "/AF",
    "/Annots",
    "/AcroForm",
}

CAPITALS = {
    "0": "零元整",
    "0.01": "壹分",
    "0.10": "壹角整",
    "1.05": "壹元零伍分",
    "10.50": "壹拾元伍角整",
    "100001": "壹拾万零壹元整",
    "10010.30": "壹万零壹拾元叁角整",
    "107000.53": "壹拾万零柒仟元伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "6007.14": "陆仟零柒元壹角肆分",
    "1409.50": "壹仟肆佰零玖元伍角整",
    "6000000": "陆佰万元整",
    "100010000": "壹亿零壹万元整",
    "101000000": "壹亿零壹佰万元整",
    "100000100": "壹亿零壹佰元整",
}


def pages(data):
    """The text of every page, blanks and line ends left out."""
    document = pypdfium2.PdfDocument(data)
    return [squeeze(page.get_textpage().get_text_range()) for page in document]


def text(data):
    return "".join(pages(data))


def squeeze(words):
    """Without blanks and hyphens: the reading library takes a hyphen at a line's end for a syllable's."""
    return re.sub(r"[\s\u200b\ufffe\x02-]+", "", words)


def keys(data):
    """Every dictionary key in a PDF."""
    found = set()
    with pikepdf.open(io.BytesIO(data)) as document:
        waiting = [document.trailer, *document.objects]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                for key, value in thing.items():
                    found.add(key)
                    if isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect:
                        waiting.append(value)
            elif isinstance(thing, pikepdf.Array):
                waiting += [value for value in thing if isinstance(value, (pikepdf.Dictionary, pikepdf.Array))]
    return found


def fonts(data):
    with pikepdf.open(io.BytesIO(data)) as document:
        return {
            str(thing.BaseFont)
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"
        }


def test_a_form_shows_its_head_lines_totals_signatures_and_footer():
    shown = text(render(paper()))
    for words in (
        "示例物业服务有限公司",
        "物业采购申请表",
        "CH-PR-202612-001",
        "2026年11月23日",
        "2份",
        "项目名称翠湖花园",
        "¥18,320.00",
        "垃圾袋90×100cm加厚个1218.50222.00",
        "——以下空白——",
        "合计666.00",
        "人民币陆佰陆拾陆元整¥666.00",
        "签批环节意见签名日期",
        "喆堃镕（电子签批）2026-11-2311:30",
        "周敏代马丽（电子签批）",
        "抄送：项目物业经理王强",
        "本年度无已批预算，未作超预算检查。",
        "CH-PR-202612-001·校验码7F3K-92QD",
        "第1页共1页",
    ):
        assert squeeze(words) in shown, words


def test_amounts_stand_in_capitals_right_after_renminbi_and_in_figures():
    for figure, capitals in CAPITALS.items():
        shown = text(render(paper(sheet(amount=D(figure), facts=(), totals=()), sign_offs=())))
        assert f"人民币{capitals}¥{D(figure):,.2f}" in shown


def test_the_same_form_gives_the_same_bytes_in_another_process_and_at_another_time():
    here = render(paper())
    assert render(paper()) == here
    other = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django, hashlib; django.setup()\n"
            "from documents.rendering.pdf import render; from tests.documents.papers import paper, sheet, rows\n"
            "render(paper(sheet(rows(40)), watermark='作废'))\n"
            "print(hashlib.sha256(render(paper())).hexdigest())",
        ],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_only_our_two_fonts_are_embedded_whatever_people_type():
    odd = sheet([row(n, subject=payload) for n, payload in enumerate(PAYLOADS, 1)])
    names = {name.split("+")[1] for name in fonts(render(paper(odd, watermark=UNFINISHED)))}
    assert names == {"Liaison-Sans", "Liaison-Sans-Bold"}


def test_rare_characters_of_names_have_their_glyphs():
    assert engine.printable("喆堃镕䶮") == "喆堃镕䶮"
    assert "喆堃镕" in text(render(paper()))


def test_what_the_fonts_lack_becomes_a_box_and_nothing_hides():
    assert engine.printable("王\u202e😀\x07\u200b李\t") == "王□□□李 "


@pytest.mark.parametrize("chunk", range(4))
def test_payloads_are_shown_as_text(chunk):
    part = PAYLOADS[chunk::4]
    form = sheet(
        [row(n, subject=payload, description=payload) for n, payload in enumerate(part, 1)],
        facts=tuple(Fact(payload, payload) for payload in part),
        notes=part,
    )
    data = render(paper(form, company=part[0], copies=part))
    shown = text(data)
    for payload in part:
        assert shown.count(squeeze(engine.printable(payload))) >= 4, payload
    assert not keys(data) & ACTIVE


def test_a_form_has_nothing_that_acts():
    assert not keys(render(paper(watermark=VOIDED))) & ACTIVE


def test_heading_and_footer_repeat_and_the_watermark_lies_on_every_page():
    shown = pages(render(paper(sheet(rows(60)), watermark=UNFINISHED)))
    assert len(shown) > 2
    for number, page in enumerate(shown, 1):
        assert f"第{number}页共{len(shown)}页" in page
        assert squeeze("CH-PR-202612-001·校验码7F3K-92QD") in page
        assert all(letter in page for letter in UNFINISHED)
    assert all("序号类别品名规格" in page for page in shown[:-1])


def test_short_groups_have_a_column_and_long_ones_a_line_of_their_own():
    short = text(render(paper()))
    assert "序号类别品名" in short
    assert "1清洁垃圾袋" in short
    name = "2026年12月物业采购申请表 CH-PR-202612-001"
    long = text(render(paper(sheet([row(1, group=name), row(2, group=name), row(3, group="另一张更长的单据名称")]))))
    assert "序号品名" in long
    assert long.count(squeeze(name)) == 1
    assert long.index("2垃圾袋") < long.index("另一张更长的单据名称") < long.index("3垃圾袋")


def test_a_group_that_a_column_shows_is_not_printed_twice():
    columns = (Column("category", "类别", width=20), *COLUMNS)
    assert text(render(paper(sheet([row(1, category="清洁")], columns)))).count("类别") == 1


def test_five_hundred_lines_are_all_there():
    data = render(paper(sheet(rows(500))))
    shown = pages(data)
    assert "111,000.00" in shown[-1] or "111,000.00" in shown[-2]
    assert text(data).count("样板房日常保洁") == 500


def test_more_lines_than_a_page_set_takes_are_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_ROWS", 3)
    with pytest.raises(pdf.TooManyRows):
        render(paper(sheet(rows(4))))


def test_a_wide_table_turns_the_sheet_and_a_narrow_one_does_not():
    lines = [row(1, wage=D("5200.00"), social_insurance=D("1320.55"), benefits=D("300.00"), other_cost=D("0.00"))]
    wide = pypdfium2.PdfDocument(render(paper(sheet(lines, WIDE_COLUMNS))))[0]
    narrow = pypdfium2.PdfDocument(render(paper()))[0]
    assert wide.get_width() > wide.get_height()
    assert narrow.get_width() < narrow.get_height()


@pytest.mark.parametrize("columns", [COLUMNS, WIDE_COLUMNS], ids=["narrow", "wide"])
def test_nothing_runs_off_the_page(columns):
    huge = D("99999999999.99")
    figures = {
        "price": huge,
        "amount": huge,
        "wage": huge,
        "social_insurance": huge,
        "benefits": huge,
        "other_cost": huge,
    }
    lines = [row(1, **figures), row(2, subject="W" * 900, description="长" * 3_000, unit="x" * 60)]
    form = sheet(lines, columns, total=huge, facts=(Fact("备" * 40, "y" * 900),), title="很长的单据名称" * 6)
    document = pypdfium2.PdfDocument(
        render(paper(form, company="公司" * 60, number="N-" * 24 + "1", copies=("人" * 300,)))
    )
    for page in document:
        words = page.get_textpage()
        width, height = page.get_size()
        for index in range(words.count_chars()):
            left, bottom, right, top = words.get_charbox(index)
            if right > left:
                assert left >= 40, words.get_text_range(index, 20)
                assert right <= width - 30, words.get_text_range(max(0, index - 10), 20)
                assert 20 <= bottom <= top <= height, words.get_text_range(index, 20)
    shown = text(render(paper(form)))
    assert shown.count("99,999,999,999.99") >= (7 if columns is WIDE_COLUMNS else 3)


@pytest.mark.timeout(300)
def test_a_hundred_thousand_characters_are_printed_to_the_last():
    shown = text(render(paper(sheet([row(1, description="长" * 100_000), row(2, subject="x" * 20_000)]))))
    assert shown.count("长") == 100_000


def test_the_machine_has_every_library():
    assert engine.missing_libraries() == []


def test_a_missing_library_is_named_by_its_package(monkeypatch):
    monkeypatch.setattr(engine, "_loads", lambda name: "subset" not in name)
    assert engine.missing_libraries() == ["libharfbuzz-subset0"]
