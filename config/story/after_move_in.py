"""CH-1 翠湖花园一期 after move-in: owners' service, club and repairs, with 客服小组."""

from datetime import date

from config.story.shapes import AUGUST, MANAGER, OCTOBER, SEPTEMBER, Done, Less, Paper, Plan, Settlement
from documents.vocabulary import Kind, Side

_ASKED = {"department_name": "客服小组", "contact": "黄雅婷"}


def _attendance(month: str, *rows: str) -> Paper:
    return Paper(f"{month}客服中心考勤汇总.pdf", "sheet", (f"翠湖花园一期 {month}考勤汇总", *rows))


def _receipts(month: str, *rows: str) -> Paper:
    return Paper(f"{month}发票及签收单.pdf", "sheet", (f"翠湖花园一期 {month}发票及签收单", *rows))


_AUGUST = (
    Plan(
        Kind.STAFFING_PLAN,
        AUGUST,
        date(2026, 7, 21),
        lines=(
            ("客户服务部", "客服管家", "4", "5000", "1250", "260"),
            ("客户服务部", "会所服务员", "3", "4300", "1050", "220"),
            ("工程维修部", "返修协调工程师", "2", "6200", "1550", "280"),
            ("秩序维护部", "夜间巡逻岗", "4", "4600", "1120", "230"),
        ),
        done=Done(
            date(2026, 8, 24),
            papers=(_attendance("8月", "在岗 13 人", "缺勤 0 人", "24 日后按排班计，差额下月据实调整"),),
        ),
    ),
    Plan(
        Kind.ADMIN_EXPENSE_PLAN,
        AUGUST,
        date(2026, 7, 23),
        lines=(
            ("办公", "客服中心办公用品", "", "月", "1", "860"),
            ("办公", "业主信函快递费", "返修通知及回访", "件", "140", "12"),
            ("用车", "返修物资运输", "", "车次", "12", "180"),
            ("后勤", "会所水电费", "按抄表数", "月", "1", "7386.45"),
        ),
        done=Done(date(2026, 8, 20), papers=(_receipts("8月行政", "快递 140 件", "运输 12 车次", "会所水电抄表单"),)),
    ),
    Plan(
        Kind.PURCHASE_REQUEST,
        AUGUST,
        date(2026, 7, 23),
        lines=(
            ("工程", "防水补漏材料", "聚氨酯，5 千克/套", "套", "10", "368", "外窗渗漏返修"),
            ("工程", "入户门五金配件", "", "套", "25", "86.40", "入户门返修"),
            ("清洁", "会所地毯清洗剂", "5 升/桶", "桶", "5", "156.70", "会所"),
            ("客服", "业主沟通会物料", "展架、席卡、资料袋", "套", "2", "640", "业主沟通会"),
        ),
        by=MANAGER,
        done=Done(
            date(2026, 8, 21),
            less={"业主沟通会物料": Less("1", "640.00", "8 月只召开一次沟通会")},
            papers=(_receipts("8月采购", "补漏材料 10 套", "五金 25 套", "清洗剂 5 桶", "物料 1 套"),),
        ),
    ),
    Plan(
        Kind.SERVICE_CONFIRMATION,
        AUGUST,
        date(2026, 7, 30),
        lines=(
            ("集中返修陪同验收", "首批 86 户返修完成后陪同复验", "2026-08-10", "2026-08-14", "3", "5", "240"),
            ("返修后开荒保洁", "逐户清洁后交还业主", "2026-08-10", "2026-08-14", "4", "5", "190"),
        ),
        head={**_ASKED, "requested_on": "2026-07-28"},
        done=Done(
            date(2026, 8, 19),
            papers=(
                Paper("返修复验签收表.pdf", "sheet", ("返修复验签收表", "复验 86 户", "业主签收 86 户")),
                Paper("返修后保洁.png", "photo", ("3 栋 1202 返修后保洁",)),
            ),
        ),
    ),
)

_SEPTEMBER = (
    Plan(
        Kind.STAFFING_PLAN,
        SEPTEMBER,
        date(2026, 8, 20),
        copied=True,
        changed={"夜间巡逻岗": {"quantity": "5"}},
        head={"note": "装修高峰，夜间巡逻岗增加 1 人。"},
        opinions={"service_handler": "装修户数已核对，同意增加 1 人。"},
        done=Done(
            date(2026, 9, 22),
            papers=(_attendance("9月", "在岗 14 人", "缺勤 0 人", "22 日后按排班计，差额下月据实调整"),),
        ),
    ),
    Plan(
        Kind.ADMIN_EXPENSE_PLAN,
        SEPTEMBER,
        date(2026, 8, 24),
        copied=True,
        changed={
            "业主信函快递费": {"quantity": "96"},
            "返修物资运输": {"quantity": "15"},
            "会所水电费": {"price": "6912.30"},
        },
        done=Done(date(2026, 9, 21), papers=(_receipts("9月行政", "快递 96 件", "运输 15 车次", "会所水电抄表单"),)),
    ),
    Plan(
        Kind.PURCHASE_REQUEST,
        SEPTEMBER,
        date(2026, 8, 24),
        copied=True,
        changed={
            "防水补漏材料": {"quantity": "14"},
            "入户门五金配件": {"quantity": "18"},
            "业主沟通会物料": {"quantity": "1"},
        },
        dropped=("会所地毯清洗剂",),
        lines=(("工程", "排水沟盖板", "600×300 毫米", "块", "20", "118", "地下车库坡道"),),
        done=Done(
            date(2026, 9, 21),
            papers=(_receipts("9月采购", "四项已到货并验收"), Paper("盖板更换.png", "photo", ("地库坡道盖板更换",))),
        ),
    ),
    Plan(
        Kind.SERVICE_CONFIRMATION,
        SEPTEMBER,
        date(2026, 9, 2),
        lines=(("会所空调清洗配合", "陪同厂家清洗并看护现场", "2026-09-14", "2026-09-18", "2", "5", "260"),),
        # Another department's need: its head gets a copy.
        head={"department_name": "项目部", "contact": "傅堃", "requested_on": "2026-08-31"},
        done=Done(date(2026, 9, 21), papers=(Paper("空调清洗.png", "photo", ("会所空调清洗现场",)),)),
    ),
    Plan(
        Kind.UNPLANNED_WORK,
        SEPTEMBER,
        date(2026, 9, 14),
        lines=(
            ("地下车库排水抢险", "强降雨倒灌，连夜装沙袋、抽排", "2026-09-12", "2026-09-13", "12", "1.5", "280"),
            ("地下车库水位值守", "", "2026-09-12", "2026-09-13", "4", "2", "220"),
        ),
        head={**_ASKED, "requested_on": "2026-09-12", "urgency": "特急", "subject": "应急抢险"},
        late_reason="9 月 12 日（周六）夜间台风强降雨，经客服小组电话同意先行抢险，周一补报。",
        papers=(Paper("车库积水.png", "photo", ("9月12日 23:40 地下车库积水",)),),
        opinions={"service_handler": "当晚已电话同意，情况属实。"},
        done=Done(
            date(2026, 9, 18),
            papers=(Paper("抢险人员签到表.pdf", "sheet", ("抢险人员签到表", "抢险 18 工日", "值守 8 工日")),),
        ),
    ),
)

_OCTOBER = (
    Plan(
        Kind.STAFFING_PLAN,
        OCTOBER,
        date(2026, 9, 17),
        copied=True,
        changed={"会所服务员": {"quantity": "2"}},
        head={"note": "会所游泳池闭馆，服务员减少 1 人。"},
        done=Done(
            date(2026, 10, 21),
            papers=(_attendance("10月", "在岗 13 人", "缺勤 0 人", "21 日后按排班计，差额下月据实调整"),),
        ),
    ),
    Plan(
        Kind.ADMIN_EXPENSE_PLAN,
        OCTOBER,
        date(2026, 9, 21),
        copied=True,
        changed={
            "业主信函快递费": {"quantity": "110"},
            "返修物资运输": {"quantity": "10"},
            "会所水电费": {"price": "7105.88"},
        },
        done=Done(date(2026, 10, 20), papers=(_receipts("10月行政", "快递 110 件", "运输 10 车次", "会所水电抄表单"),)),
    ),
    Plan(
        Kind.PURCHASE_REQUEST,
        OCTOBER,
        date(2026, 9, 21),
        copied=True,
        changed={
            "防水补漏材料": {"quantity": "8"},
            "入户门五金配件": {"quantity": "12"},
            "业主沟通会物料": {"quantity": "2"},
        },
        dropped=("排水沟盖板",),
        lines=(("安保", "道闸遥控器", "433 兆赫", "个", "10", "45", "车库出入口"),),
        done=Done(
            date(2026, 10, 20),
            less={"入户门五金配件": Less("9", "777.60", "到货 9 套，余 3 套厂家缺货")},
            papers=(_receipts("10月采购", "补漏材料 8 套", "五金 9 套", "物料 2 套", "遥控器 10 个"),),
        ),
    ),
    Plan(
        Kind.SERVICE_CONFIRMATION,
        OCTOBER,
        date(2026, 10, 9),
        lines=(
            ("重阳敬老活动秩序维护", "会所及中心花园", "2026-10-17", "2026-10-18", "4", "2", "220"),
            ("重阳敬老活动保洁", "", "2026-10-17", "2026-10-18", "2", "2", "190"),
        ),
        head={**_ASKED, "requested_on": "2026-10-08"},
        done=Done(date(2026, 10, 20), papers=(Paper("重阳敬老活动.png", "photo", ("10月18日 重阳敬老活动",)),)),
    ),
    # Done at the end of October and confirmed only now: what lies on the desks today.
    Plan(
        Kind.SERVICE_CONFIRMATION,
        OCTOBER,
        date(2026, 10, 14),
        lines=(("外墙空鼓复检陪同", "吊篮作业期间看护", "2026-10-26", "2026-10-30", "2", "5", "260"),),
        head={"department_name": "项目部", "contact": "傅堃", "requested_on": "2026-10-12"},
        done=Done(
            date(2026, 11, 19),
            papers=(Paper("外墙复检.png", "photo", ("10月28日 5 栋外墙复检",)),),
            waits_for="service_head",
        ),
    ),
    Plan(
        Kind.SERVICE_CONFIRMATION,
        OCTOBER,
        date(2026, 10, 15),
        lines=(("会所水箱清洗消毒", "停水期间值守及消毒", "2026-10-28", "2026-10-30", "3", "3", "240"),),
        head={**_ASKED, "requested_on": "2026-10-13"},
        done=Done(
            date(2026, 11, 20),
            papers=(Paper("水箱检测报告.pdf", "sheet", ("水箱水质检测报告", "余氯 合格", "浊度 合格")),),
            waits_for="service_handler",
        ),
    ),
    Plan(
        Kind.SERVICE_CONFIRMATION,
        OCTOBER,
        date(2026, 10, 16),
        lines=(("秋季四害消杀", "地库、会所、垃圾房", "2026-10-26", "2026-10-29", "2", "4", "230"),),
        head={**_ASKED, "requested_on": "2026-10-14"},
        done=Done(date(2026, 11, 18), returned=("service_handler", "缺作业签到表和现场照片，请补传后重报。")),
    ),
)

PLANS = (*_AUGUST, *_SEPTEMBER, *_OCTOBER)

SETTLEMENTS = (
    Settlement(
        Side.POST,
        AUGUST,
        date(2026, 8, 26),
        (date(2026, 9, 2), date(2026, 9, 7), date(2026, 9, 10), date(2026, 9, 15)),
        "沟通会物料少用 1 套，按实结算。",
    ),
    Settlement(
        Side.POST,
        SEPTEMBER,
        date(2026, 9, 28),
        (date(2026, 10, 9), date(2026, 10, 14), date(2026, 10, 16), date(2026, 10, 21)),
        "含台风抢险（事后补报）。",
        {"service_head": "抢险情况已核实，同意。"},
    ),
    Settlement(
        Side.POST,
        OCTOBER,
        date(2026, 10, 27),
        (date(2026, 11, 4), date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 17)),
        "入户门五金余 3 套未到货，未计入。",
    ),
)
