"""What a printed form consists of: pure data that the PDF and the workbook writer read. Pure leaf.

Paper is always Chinese (design 21), so every text here is final; nothing depends on who downloads or when.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from documents.sheets import Sheet

# Words laid across a page that is not, or no longer, a decided form.
UNFINISHED = "未审批完成"
REJECTED = "已否决"
VOIDED = "作废"

NOTE = (
    "说明：本单由系统生成，签批记录以系统为准；扫描左上角二维码核对单据编号、金额与签批状态。"
    "大小写金额不一致时本单无效，退回重制。"
)
# Of a form that states no amount.
NOTE_WITHOUT_MONEY = "说明：本单由系统生成，签批记录以系统为准；扫描左上角二维码核对单据编号与签批状态。"


@dataclass(frozen=True, slots=True)
class SignOff:
    """A row of 环节|意见|签名|日期. ``at`` is the local time as text; an empty ``name`` is a station not yet signed."""

    station: str
    opinion: str = ""
    name: str = ""
    at: str = ""
    # The post is signed together with others (会签), or the clause that puts the station there.
    remark: str = ""
    # The person for whom a deputy signs: "李四 代 张三".
    deputy_for: str = ""

    @property
    def signature(self) -> str:
        """The signature cell without the mark 电子签批."""
        return f"{self.name} 代 {self.deputy_for}" if self.deputy_for else self.name


@dataclass(frozen=True, slots=True)
class Plate:
    """A photograph printed behind the table, under the name of the line that it belongs to. ``read`` gives a JPEG, once, when
    its turn comes."""

    title: str
    caption: str
    read: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Printout:
    """One form on paper. ``moment`` is the newest time in the form's life; it dates the file, so that the same input
    gives the same bytes."""

    company: str
    sheet: Sheet
    number: str
    moment: datetime
    state: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    # None for a paper that has none of its own, such as a register.
    attachments: int | None = 0
    sign_offs: tuple[SignOff, ...] = ()
    copies: tuple[str, ...] = ()
    watermark: str = ""
    check_code: str = ""
    # Empty where nothing can be verified yet: a draft has no number.
    verify_url: str = ""
    note: str = NOTE
    plates: tuple[Plate, ...] = ()

    @property
    def title(self) -> str:
        """The form's name."""
        return self.sheet.title


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page of a pack. ``missing`` names papers that should be here and are not, a sentence each."""

    company: str
    title: str
    number: str
    moment: datetime
    facts: tuple[tuple[str, str], ...] = ()
    amount: Decimal | None = None
    amount_label: str = "合计金额"
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    check_code: str = ""
    verify_url: str = ""


@dataclass(frozen=True, slots=True)
class PackPart:
    """A form of the pack, as kept: its PDF goes in unchanged but for the page number of the pack.

    ``read`` is called once, when the form's turn comes: forms are never in memory together.
    """

    title: str
    number: str
    read: Callable[[], bytes] = field(repr=False)
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PackAttachment:
    """A file of one of the forms. ``read`` is called once and only when the pack takes the file up."""

    name: str
    # The form it belongs to.
    number: str
    read: Callable[[], bytes] = field(repr=False)
    size: int = 0


def pdf_date(moment: datetime) -> str:
    """A moment as PDF metadata writes it, in UTC."""
    return moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
