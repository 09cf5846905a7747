"""Printed forms made by hand, for tests of the writers: no database, no kind."""

from datetime import UTC, datetime
from decimal import Decimal as D

from documents.rendering.paper import Printout, SignOff
from documents.sheets import CellKind, Column, Fact, Row, Sheet, Total

MOMENT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
COLUMNS = (
    Column("subject", "品名", width=38),
    Column("specification", "规格", width=28),
    Column("unit", "单位", width=12),
    Column("quantity", "数量", CellKind.QUANTITY, 16),
    Column("price", "单价（元）", CellKind.MONEY, 24),
    Column("amount", "金额（元）", CellKind.MONEY, 28, "ROUND({quantity}*{price},2)"),
    Column("description", "用途", width=40),
)
WIDE_COLUMNS = (
    *COLUMNS[:3],
    Column("wage", "工资（元）", CellKind.MONEY, 24),
    Column("social_insurance", "社保（元）", CellKind.MONEY, 24),
    Column("benefits", "福利（元）", CellKind.MONEY, 24),
    Column("other_cost", "其他（元）", CellKind.MONEY, 24),
    *COLUMNS[3:],
)
SIGN_OFFS = (
    SignOff("提交人", "提交审批", "陈立", "2026-11-23 09:10"),
    SignOff("物业地产配合业务分管领导", "同意，按计划采购", "梁启明", "2026-11-23 10:05", "会签"),
    SignOff("物业财务部负责人", "同意", "喆堃镕", "2026-11-23 11:30", "会签"),
    SignOff("营销小组经办人", "单价已与上月核对", "周敏", "2026-11-24 09:00", deputy_for="马丽"),
    SignOff("营销小组负责人"),
)


def row(n, subject="垃圾袋", quantity=D("12"), price=D("18.50"), amount=D("222.00"), group="清洁", **cells):
    """A purchase line."""
    cells = {"specification": "90×100 cm 加厚", "unit": "个", "description": "样板房日常保洁", **cells}
    return Row(f"l{n}", n, {"subject": subject, "quantity": quantity, "price": price, "amount": amount, **cells}, group)


def rows(count):
    """Lines 1 to ``count``, each of 222.00."""
    return tuple(row(n) for n in range(1, count + 1))


def sheet(lines=None, columns=COLUMNS, total=None, amount=None, **changes):
    """A purchase form; without figures of one's own its total is the lines' 222.00 each."""
    lines = rows(3) if lines is None else lines
    total = D("222.00") * len(lines) if total is None else total
    parts = {
        "title": "物业采购申请表",
        "facts": (
            Fact("项目名称", "翠湖花园"),
            Fact("所属月份", "2026年12月"),
            Fact("上月同项", D("18320.00"), CellKind.MONEY),
        ),
        "columns": columns,
        "rows": tuple(lines),
        "totals": (Total("total", "合计", total, formula="SUM({rows:amount})", strong=True),),
        "amount": total if amount is None else amount,
        "amount_label": "本次申请金额",
        "notes": ("本年度无已批预算，未作超预算检查。",),
        **changes,
    }
    return Sheet(**parts)


def paper(form=None, **changes):
    """A form on paper: circulating unless said otherwise."""
    parts = {
        "company": "示例物业服务有限公司",
        "sheet": sheet() if form is None else form,
        "number": "CH-PR-202612-001",
        "moment": MOMENT,
        "state": "已通过",
        "dates": (("申请日期", "2026 年 11 月 23 日"),),
        "attachments": 2,
        "sign_offs": SIGN_OFFS,
        "copies": ("项目物业经理 王强",),
        "check_code": "7F3K-92QD",
        "verify_url": "http://127.0.0.1:8000/verify/CH-PR-202612-001/7F3K-92QD/",
        **changes,
    }
    return Printout(**parts)


# Texts that someone may type to break a page, a PDF or a workbook.
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=http://127.0.0.1:9/x.png>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><image href='http://127.0.0.1:9/'/></svg>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<link rel=stylesheet href=http://127.0.0.1:9/a.css>",
    "<style>*{display:none}</style>",
    "<style>@import url(http://127.0.0.1:9/)</style>",
    "<iframe src=file:///etc/hosts></iframe>",
    "<object data=file:///etc/passwd>",
    "<embed src=file:///etc/passwd>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=http://127.0.0.1:9/>x</a>",
    "<base href=http://127.0.0.1:9/>",
    "<meta http-equiv=refresh content=0>",
    "<form action=http://127.0.0.1:9/><input name=a>",
    "</td></tr></table><h1>x",
    "</title></head><body>",
    "<td colspan=1000000>x</td>",
    "<!-- hidden",
    "<![CDATA[x]]>",
    "<?xml version='1.0'?>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
    "&lt;b&gt;&amp;nbsp;&#60;",
    "{{ 7*7 }}",
    "{{ settings.SECRET_KEY }}",
    "{% load static %}",
    "{% include 'base.html' %}",
    "{% debug %}",
    "{# note #}",
    "${7*7}",
    "#{7*7}",
    "%(name)s %d %n",
    "{0.__class__}",
    "'; DROP TABLE documents; --",
    '" onmouseover="alert(1)',
    "url(http://127.0.0.1:9/)",
    "expression(alert(1))",
    "content: url(file:///etc/passwd)",
    "\\00003cscript\\00003e",
    "\\input{/etc/passwd}",
    "(1) Tj ET /JS (app.alert(1))",
    "endstream endobj %%EOF",
    "%PDF-1.7 /OpenAction",
    "../../etc/passwd",
    "file:///etc/passwd",
    "=cmd|' /C calc'!A0",
    "＜script＞全角＜/script＞",
    "喆堃镕䶮𠮷",
    "a\u202eb\u2066c",
    "😀👨‍👩‍👧 ok",
)
