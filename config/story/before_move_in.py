"""CH-2 翠湖花园二期 before move-in: sales office, show flats and site, with 营销小组."""

from datetime import date

from config.story.shapes import (
    AUGUST,
    MANAGER,
    OCTOBER,
    SEPTEMBER,
    Cut,
    Done,
    Less,
    Paper,
    Plan,
    Settlement,
)
from documents.vocabulary import Kind, Side

_ASKED = {"department_name": "营销小组", "contact": "陈思琪"}
_SUPPLIER = {"subject": "案场耗材", "supplier": "临江恒润商贸有限公司"}


def _attendance(month: str, *rows: str) -> Paper:
    return Paper(f"{month}案场考勤汇总.pdf", "sheet", (f"翠湖花园二期 {month}考勤汇总", *rows))


def _receipts(month: str, *rows: str) -> Paper:
    return Paper(f"{month}发票及签收单.pdf", "sheet", (f"翠湖花园二期 {month}发票及签收单", *rows))


_AUGUST = (
    Plan(
        Kind.STAFFING_PLAN,
        AUGUST,
        date(2026, 7, 21),
        lines=(
            ("销售案场", "案场主管", "1", "7500", "1850", "300"),
            ("销售案场", "案场客服", "4", "5200", "1300", "260"),
            ("秩序维护部", "礼宾岗", "6", "4800", "1150", "240"),
            ("秩序维护部", "工地大门岗", "4", "4500", "1100", "220"),
            ("保洁部", "样板房保洁员", "5", "3900", "950", "180"),
        ),
        opinions={"marketing_handler": "岗位编制与案场排班一致，同意。"},
        done=Done(
            date(2026, 8, 24),
            papers=(_attendance("8月", "在岗 20 人", "缺勤 0 人", "24 日后按排班计，差额下月据实调整"),),
        ),
    ),
    Plan(
        Kind.ADMIN_EXPENSE_PLAN,
        AUGUST,
        date(2026, 7, 22),
        lines=(
            ("办公", "案场办公用品", "打印纸、签字笔、文件夹", "月", "1", "1280"),
            ("办公", "案场电话及网络费", "固定电话 4 部、宽带 1 条", "月", "1", "960"),
            ("用车", "看房电瓶车充电及保养", "", "辆", "3", "420"),
            ("招待", "客户茶歇", "周末及活动日", "场", "9", "295"),
            ("后勤", "案场员工工作餐", "", "人次", "520", "18"),
        ),
        done=Done(date(2026, 8, 21), papers=(_receipts("8月行政", "工作餐 520 人次", "茶歇 9 场"),)),
    ),
    Plan(
        Kind.PURCHASE_REQUEST,
        AUGUST,
        date(2026, 7, 22),
        lines=(
            ("清洁", "中性全能清洁剂", "3.8 升/桶", "桶", "8", "68.50", "案场及样板房"),
            ("清洁", "样板房香薰补充液", "500 毫升", "瓶", "24", "45.80", "样板房"),
            ("安保", "强光手电", "充电式", "支", "6", "129", "夜间巡查"),
            ("工程", "LED 灯管", "T8 18W", "支", "40", "16.50", "地下车库看房通道"),
            ("客服", "接待区鲜花", "每周两次", "组", "8", "268", "接待台"),
        ),
        papers=(Paper("8月采购报价单.pdf", "sheet", ("采购报价单", "清洁剂 68.50 元/桶", "香薰补充液 45.80 元/瓶")),),
        done=Done(
            date(2026, 8, 21),
            papers=(_receipts("8月采购", "五项已到货并验收"), Paper("到货照片.png", "photo", ("8月采购到货",))),
        ),
    ),
    Plan(
        Kind.UNPLANNED_WORK,
        AUGUST,
        date(2026, 8, 7),
        lines=(
            (
                "加推当日秩序协防",
                "预计到访 900 组，现有礼宾岗不足",
                "2026-08-14",
                "2026-08-16",
                "20",
                "3",
                "320",
            ),
            ("停车引导", "周边道路及临时停车场", "2026-08-14", "2026-08-16", "8", "3", "260"),
        ),
        head={**_ASKED, "requested_on": "2026-08-06", "urgency": "紧急", "subject": "活动配合"},
        opinions={"general_manager": "同意，注意现场安全。"},
        done=Done(date(2026, 8, 20), papers=(Paper("加推现场.png", "photo", ("8月15日 加推现场协防",)),)),
    ),
    Plan(
        Kind.SERVICE_CONFIRMATION,
        AUGUST,
        date(2026, 8, 6),
        lines=(
            ("七夕暖场秩序维护", "七夕主题周末及当日活动", "2026-08-15", "2026-08-19", "6", "5", "220"),
            ("七夕暖场保洁", "活动前后清场", "2026-08-15", "2026-08-19", "4", "5", "180"),
        ),
        head={**_ASKED, "requested_on": "2026-08-04"},
        # Confirmed after the 25th: September's application settles it (guide 6, 3.).
        done=Done(
            date(2026, 8, 27),
            papers=(Paper("七夕暖场签到表.pdf", "sheet", ("七夕暖场签到表", "秩序 30 工日", "保洁 20 工日")),),
        ),
    ),
)

_SEPTEMBER = (
    Plan(
        Kind.STAFFING_PLAN,
        SEPTEMBER,
        date(2026, 8, 20),
        copied=True,
        # One more at the gate, and the festival's gift in kind.
        changed={"工地大门岗": {"quantity": "5"}, "案场客服": {"benefits": "460"}},
        head={"note": "工地增开北门，大门岗增加 1 人；案场客服含中秋福利。"},
        done=Done(
            date(2026, 9, 22),
            papers=(_attendance("9月", "在岗 21 人", "缺勤 0 人", "22 日后按排班计，差额下月据实调整"),),
        ),
    ),
    Plan(
        Kind.ADMIN_EXPENSE_PLAN,
        SEPTEMBER,
        date(2026, 8, 21),
        copied=True,
        changed={"客户茶歇": {"quantity": "8"}, "案场员工工作餐": {"quantity": "548"}},
        done=Done(date(2026, 9, 22), papers=(_receipts("9月行政", "工作餐 548 人次", "茶歇 8 场"),)),
    ),
    Plan(
        Kind.PURCHASE_REQUEST,
        SEPTEMBER,
        date(2026, 8, 21),
        copied=True,
        changed={"中性全能清洁剂": {"quantity": "6"}, "接待区鲜花": {"quantity": "10"}},
        dropped=("强光手电", "LED 灯管"),
        lines=(("客服", "中秋客户伴手礼", "月饼两枚装", "份", "60", "58", "中秋游园会"),),
        papers=(Paper("中秋伴手礼报价单.pdf", "sheet", ("中秋伴手礼报价单", "两枚装 58.00 元/份", "50 份以上可议")),),
        cut=Cut("marketing_handler", "中秋客户伴手礼", "3000.00", "伴手礼按年度框架价 50 元/份核减，请采纳后重报。"),
        done=Done(
            date(2026, 9, 21),
            papers=(
                _receipts("9月采购", "四项已到货并验收"),
                Paper("伴手礼发放.png", "photo", ("9月19日 伴手礼发放",)),
            ),
        ),
    ),
    Plan(
        Kind.SALES_OFFICE_SUNDRIES,
        SEPTEMBER,
        date(2026, 8, 27),
        lines=(
            ("桶装饮用水", "18.9 升", "桶", "60", "22", "接待区"),
            ("一次性纸杯", "250 毫升", "箱", "6", "96", "接待区"),
            ("袋泡茶", "100 包/盒", "盒", "12", "38.50", "接待区"),
        ),
        head=_SUPPLIER,
        done=Done(date(2026, 9, 21), papers=(_receipts("9月零星耗品", "饮用水 60 桶", "纸杯 6 箱", "袋泡茶 12 盒"),)),
    ),
    Plan(
        Kind.SERVICE_CONFIRMATION,
        SEPTEMBER,
        date(2026, 9, 4),
        lines=(
            ("中秋游园会秩序维护", "预计到访 600 人次", "2026-09-19", "2026-09-20", "8", "2", "220"),
            ("中秋游园会保洁", "活动中及清场", "2026-09-19", "2026-09-20", "4", "2", "180"),
        ),
        head={**_ASKED, "requested_on": "2026-09-03"},
        by=MANAGER,
        done=Done(
            date(2026, 9, 22),
            less={"中秋游园会保洁": Less("7", "1260.00", "20 日 1 人请假未到岗，按 7 个工日计")},
            papers=(
                Paper("中秋游园会签到表.pdf", "sheet", ("中秋游园会签到表", "秩序 16 工日", "保洁 7 工日")),
                Paper("中秋游园会.png", "photo", ("9月19日 中秋游园会",)),
            ),
        ),
    ),
)

_OCTOBER = (
    Plan(
        Kind.STAFFING_PLAN,
        OCTOBER,
        date(2026, 9, 17),
        copied=True,
        changed={"案场客服": {"benefits": "260"}, "礼宾岗": {"other_cost": "300"}},
        head={"note": "礼宾岗“其他”为国庆值班补贴。"},
        opinions={"marketing_handler": "国庆值班补贴按 6 人核对无误。"},
        done=Done(
            date(2026, 10, 21),
            papers=(_attendance("10月", "在岗 21 人", "国庆值班 6 人", "21 日后按排班计，差额下月据实调整"),),
        ),
    ),
    Plan(
        Kind.ADMIN_EXPENSE_PLAN,
        OCTOBER,
        date(2026, 9, 18),
        copied=True,
        changed={"客户茶歇": {"quantity": "12"}, "案场员工工作餐": {"quantity": "560"}},
        done=Done(date(2026, 10, 20), papers=(_receipts("10月行政", "工作餐 560 人次", "茶歇 12 场"),)),
    ),
    Plan(
        Kind.PURCHASE_REQUEST,
        OCTOBER,
        date(2026, 9, 18),
        copied=True,
        changed={
            "中性全能清洁剂": {"quantity": "10"},
            "样板房香薰补充液": {"quantity": "30"},
            "接待区鲜花": {"quantity": "12"},
        },
        dropped=("中秋客户伴手礼",),
        lines=(("安保", "隔离带立柱", "不锈钢，2 米带", "根", "12", "88", "国庆开放日排队区"),),
        done=Done(
            date(2026, 10, 20),
            papers=(
                _receipts("10月采购", "四项已到货并验收"),
                Paper("隔离带到货.png", "photo", ("10月 隔离带立柱到货",)),
            ),
        ),
    ),
    Plan(
        Kind.SERVICE_CONFIRMATION,
        OCTOBER,
        date(2026, 9, 16),
        lines=(
            ("国庆开放日秩序维护", "每日 9:00 至 18:00", "2026-10-02", "2026-10-06", "6", "5", "260"),
            ("国庆开放日保洁", "每日清场两次", "2026-10-02", "2026-10-06", "4", "5", "210"),
            ("国庆开放日停车引导", "北侧临时停车场", "2026-10-02", "2026-10-06", "3", "5", "240"),
        ),
        head={**_ASKED, "requested_on": "2026-09-14"},
        by=MANAGER,
        done=Done(
            date(2026, 10, 19),
            less={"国庆开放日停车引导": Less("14", "3360.00", "6 日下午雨，1 人提前撤岗，按 14 个工日计")},
            papers=(
                Paper("国庆开放日签到表.pdf", "sheet", ("国庆开放日签到表", "秩序 30", "保洁 20", "停车引导 14")),
                Paper("国庆开放日.png", "photo", ("10月3日 国庆开放日",)),
            ),
        ),
    ),
    Plan(
        Kind.UNPLANNED_PURCHASE,
        OCTOBER,
        date(2026, 9, 21),
        lines=(
            ("新风机滤网", "H13", "片", "16", "265", "样板房 1 至 4 号"),
            ("空气检测仪", "甲醛、TVOC 双测", "台", "2", "1180", "样板房"),
        ),
        head={
            "department_name": "设计管理部",
            "supplier": "临江净源环境设备有限公司",
            "reason": "样板房新风展示由设计管理部提出，不在年度计划内，须由需求部门及领导审批。",
        },
        papers=(
            Paper("设计管理部代购委托.pdf", "sheet", ("代购委托", "委托方：设计管理部", "受托方：物业公司"), "委托"),
        ),
        opinions={"requesting_department_head": "样板房展示所需，同意委托物业代购。"},
        done=Done(
            date(2026, 10, 19),
            papers=(
                _receipts("10月代购", "滤网 16 片", "检测仪 2 台"),
                Paper("滤网安装.png", "photo", ("滤网安装完成",)),
            ),
        ),
    ),
    Plan(
        Kind.SALES_OFFICE_SUNDRIES,
        OCTOBER,
        date(2026, 9, 28),
        lines=(
            ("桶装饮用水", "18.9 升", "桶", "120", "22", "接待区"),
            ("一次性纸杯", "250 毫升", "箱", "12", "96", "接待区"),
            ("袋泡茶", "100 包/盒", "盒", "20", "38.50", "接待区"),
            ("迎宾糖果", "5 千克/箱", "箱", "20", "65", "国庆开放日"),
        ),
        head=_SUPPLIER,
        done=Done(date(2026, 10, 20), papers=(_receipts("10月零星耗品", "四项已到货并验收"),)),
    ),
)

PLANS = (*_AUGUST, *_SEPTEMBER, *_OCTOBER)

SETTLEMENTS = (
    Settlement(
        Side.PRE,
        AUGUST,
        date(2026, 8, 26),
        (date(2026, 9, 3), date(2026, 9, 8), date(2026, 9, 11), date(2026, 9, 16)),
        "七夕暖场在 25 日后确认，计入 9 月。",
    ),
    Settlement(
        Side.PRE,
        SEPTEMBER,
        date(2026, 9, 28),
        (date(2026, 10, 9), date(2026, 10, 13), date(2026, 10, 16), date(2026, 10, 21)),
        "含 8 月 25 日后确认的七夕暖场。",
        {"marketing_handler": "游园会保洁按实际 7 个工日结算，同意。"},
    ),
    Settlement(
        Side.PRE,
        OCTOBER,
        date(2026, 10, 27),
        (date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 13), date(2026, 11, 18)),
        "国庆开放日停车引导少 1 个工日，按实结算。",
        {"finance": "发票与签收单已核对。"},
    ),
)
