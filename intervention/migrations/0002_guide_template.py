"""The guide's five phases as a template, and the required contents of their results (guide 2, 3.1.1–3.1.5; D1, D2, D11).

Rows: key, phase, kind, title, result, post, clause, anchor, months, days, holds, note. Where the guide names a date the note is
empty or cites it; where it is silent the row falls due with the natural end of its phase, and the note says so.
"""

from django.db import migrations

PM, CLERK, ENGINEER = "property_project_manager", "property_clerk", "project_engineer"
BY_MARKETING = "指引未写日期，默认不晚于营销配合启动"
BY_OPENING = "指引未写日期，默认不晚于售楼处开放"
LASTING = "持续工作，默认登记至工程配合启动"
BY_ACCEPTANCE = "指引未写日期，默认不晚于竣工验收"
BY_HANDOVER = "指引未写日期，默认与承接查验完成期限相同"
BY_MOVE_IN = "指引未写日期，默认不晚于集中入住前一个月"

TEMPLATE = [
    ("planning.start", "planning", "start", "启动项目规划阶段", None, "service_handler", "3.1.1", "positioning", 0, 0, True, "随项目定位启动"),
    ("planning.work_plan", "planning", "activity", "提交前期介入工作方案", None, PM, "3.1.1", "positioning", 1, 0, True, "指引未写日期，默认启动后一个月"),
    ("planning.survey", "planning", "activity", "调研项目周边物业管理情况", None, PM, "3.1.1", "sales_office", -2, 0, True, BY_MARKETING),
    ("planning.design", "planning", "activity", "参加规划设计评审，从使用和管理角度提出布局与功能建议", None, PM, "3.1.1", "sales_office", -2, 0, True, BY_MARKETING),
    ("planning.model", "planning", "activity", "向设计管理部提出管理模式建议", None, PM, "3.1.1", "sales_office", -2, 0, True, BY_MARKETING),
    ("planning.positioning_survey", "planning", "result", "《物业管理定位调研报告》", "positioning_survey", CLERK, "3.1.1", "sales_office", -2, 0, True, BY_MARKETING),
    ("planning.detail_proposals", "planning", "result", "《物业相关项目细节建议书》", "detail_proposals", CLERK, "3.1.1", "sales_office", -2, 0, True, BY_MARKETING),

    ("marketing.start", "marketing", "start", "启动营销配合阶段", None, "marketing_handler", "3.1.2", "sales_office", -2, 0, True, "售楼处开放前两个月"),
    ("marketing.work_plan", "marketing", "activity", "提交营销配合工作方案", None, PM, "3.1.2", "sales_office", -2, 0, True, "与阶段启动同步"),
    ("marketing.management_plan", "marketing", "result", "《项目前期物业管理方案》", "management_plan", CLERK, "3.1.2", "sales_office", -2, 0, True, "编制营销包装任务书和营销配合工作方案时提交"),
    ("marketing.interim_covenant", "marketing", "result", "《临时管理规约》", "interim_covenant", CLERK, "3.1.2", "sales_office", 0, -1, True, "物业公司起草；法定须在销售前制定"),
    ("marketing.covenant_law", "marketing", "warning", "建设单位须在销售前制定临时管理规约", "interim_covenant", "service_head", "法定", "sales_office", 0, 0, False, "物业公司起草，地产公司制定"),
    ("marketing.promises", "marketing", "activity", "了解对买受人的承诺，提供宣传资料", None, PM, "3.1.2", "sales_office", 0, 0, True, BY_OPENING),
    ("marketing.guards", "marketing", "activity", "营销现场岗位到位", None, PM, "3.1.2", "sales_office", 0, 0, True, BY_OPENING),
    ("marketing.signing", "marketing", "activity", "协助买受人签署前期物业服务文件", None, PM, "3.1.2", "move_in", -6, 0, True, LASTING),
    ("marketing.sales_office", "marketing", "activity", "售楼处日常配合：与销售人员沟通，介绍物业服务和会所", None, PM, "3.1.2", "move_in", -6, 0, True, LASTING),
    ("marketing.show_flat", "marketing", "activity", "样板间日常配合：保洁、物品保管、看护、引导参观", None, PM, "3.1.2", "move_in", -6, 0, True, LASTING),
    ("marketing.events", "marketing", "activity", "配合推广活动", None, PM, "3.1.2", "move_in", -6, 0, True, LASTING),
    ("marketing.move_in_plan", "marketing", "result", "《入伙方案》", "move_in_plan", CLERK, "3.1.2", "move_in", -2, 0, False, "入伙前两个月；不影响营销配合阶段关闭"),

    ("engineering.start", "engineering", "start", "启动工程配合阶段", None, "service_handler", "3.1.3", "move_in", -6, 0, True, "一般为入伙前六个月"),
    ("engineering.guards", "engineering", "activity", "施工现场秩序维护岗位到位", None, PM, "3.1.3", "move_in", -6, 0, True, "可早于阶段启动进场"),
    ("engineering.patrols", "engineering", "activity", "工程人员现场巡查", None, PM, "3.1.3", "completion", 0, 0, True, BY_ACCEPTANCE),
    ("engineering.meetings", "engineering", "activity", "主管参加工程例会和现场工作协调会", None, PM, "3.1.3", "completion", 0, 0, True, BY_ACCEPTANCE),
    ("engineering.unit_quality_report", "engineering", "result", "《项目分户工程质量现状报告》", "unit_quality_report", CLERK, "3.1.3", "completion", 0, 0, True, BY_ACCEPTANCE),
    ("engineering.common_area_patrol_report", "engineering", "result", "《公共部位工地巡查报告》", "common_area_patrol_report", CLERK, "3.1.3", "completion", 0, 0, True, BY_ACCEPTANCE),
    ("engineering.defect_list", "engineering", "result", "《房屋质量缺陷表》", "defect_list", CLERK, "3.1.3", "completion", 0, 0, True, BY_ACCEPTANCE),

    ("handover.start", "handover", "start", "启动承接查验阶段", None, "service_handler", "3.1.4", "completion", -3, 0, True, "不晚于竣工验收前三个月"),
    ("handover.reserve", "handover", "activity", "预留查验时间（每个项目至少查验两次）", None, ENGINEER, "3.1.4", "completion", -3, 0, True, "与阶段启动同步"),
    ("handover.training", "handover", "activity", "接受设备厂家培训", None, PM, "3.1.4", "completion", 0, 0, True, BY_ACCEPTANCE),
    ("handover.files", "handover", "activity", "查阅工程资料", None, PM, "3.1.4", "completion", 0, 0, True, BY_ACCEPTANCE),
    ("handover.equipment", "handover", "activity", "清点、查验、试运行设备", None, PM, "3.1.4", "move_in", 0, -15, True, BY_HANDOVER),
    ("handover.inspection", "handover", "activity", "逐项查验并详细记录", None, PM, "3.1.4", "move_in", 0, -15, True, BY_HANDOVER),
    ("handover.problems", "handover", "activity", "问题分类汇总，书面提交项目部", None, PM, "3.1.4", "move_in", 0, -15, True, BY_HANDOVER),
    ("handover.repairs", "handover", "activity", "跟踪整改并再次查验", None, PM, "3.1.4", "move_in", 0, -15, True, BY_HANDOVER),
    ("handover.transfer", "handover", "activity", "资料和实物移交", None, PM, "3.1.4", "move_in", 0, -15, True, BY_HANDOVER),
    ("handover.facility_acceptance", "handover", "result", "《房屋及公共设施验收交接表》", "facility_acceptance", CLERK, "3.1.4", "move_in", 0, -15, True, BY_HANDOVER),
    ("handover.building_handover", "handover", "result", "《房屋整体移交验收表》", "building_handover", CLERK, "3.1.4", "move_in", 0, -15, True, BY_HANDOVER),
    ("handover.open_issues", "handover", "result", "《房屋/附属设备遗留问题登记表》", "open_issues", CLERK, "3.1.4", "move_in", 0, -15, True, BY_HANDOVER),
    ("handover.key_handover", "handover", "result", "《房屋钥匙交接表》", "key_handover", CLERK, "3.1.4", "move_in", 0, -15, True, BY_HANDOVER),
    ("handover.law", "handover", "warning", "承接查验须在向买受人交房前十五日完成", None, "service_head", "法定", "move_in", 0, -15, False, "阶段关闭即为完成"),

    ("move_in.start", "move_in", "start", "启动集中入住阶段", None, "service_handler", "3.1.5", "move_in", -2, 0, True, "集中入住前两个月"),
    ("move_in.centre", "move_in", "activity", "会同营销客服部设立地产项目客服中心", None, PM, "3.1.5", "move_in", -1, 0, True, BY_MOVE_IN),
    ("move_in.training", "move_in", "activity", "培训人员", None, PM, "3.1.5", "move_in", -1, 0, True, BY_MOVE_IN),
    ("move_in.supplies", "move_in", "activity", "准备物资", None, PM, "3.1.5", "move_in", -1, 0, True, BY_MOVE_IN),
    ("move_in.papers", "move_in", "activity", "编制入住文件（地产公司印制）", None, PM, "3.1.5", "move_in", -1, 0, True, BY_MOVE_IN),
    ("move_in.move_in_papers", "move_in", "result", "入住文件", "move_in_papers", CLERK, "3.1.5", "move_in", -1, 0, True, BY_MOVE_IN),
    ("move_in.service", "move_in", "activity", "现场办理：身份核对、验房、签约、收费、装修和维修咨询", None, PM, "3.1.5", "move_in", 0, 0, True, "集中入住当日"),
    ("move_in.survey", "move_in", "activity", "协助满意度调查", None, PM, "3.1.5", "move_in", 1, 0, True, "指引未写日期，默认集中入住后一个月"),
    ("move_in.satisfaction_survey", "move_in", "result", "满意度调查结果", "satisfaction_survey", "service_handler", "3.1.5", "move_in", 1, 0, True, "地产公司调查，物业公司协助；客服小组经办人可填报"),
]  # fmt: skip

# The management plan's six are the guide's own words (3.1.2); the covenant's four are the law's (物业管理条例第二十二条); the
# others follow from what the guide has the property company do in the phase.
CONTENTS = {
    "positioning_survey": ("项目周边物业管理情况", "管理模式建议", "物业管理定位结论"),
    "detail_proposals": ("布局建议", "功能建议", "使用和管理角度的理由"),
    "management_plan": ("管理模式", "服务创新", "内部管理机制", "管理服务标准", "品质控制方法", "管理费测算及标准"),
    "interim_covenant": ("物业的使用、维护和管理", "业主的共同利益", "业主应当履行的义务", "违反规约应当承担的责任"),
    "move_in_plan": ("客服中心设置", "人员培训安排", "物资准备", "入住文件清单", "现场流程：身份核对、验房、签约、收费、咨询"),
    "unit_quality_report": ("检查范围（楼栋、单元、户）", "分户质量现状", "整改建议"),
    "common_area_patrol_report": ("巡查部位和时间", "发现的问题", "整改情况"),
    "defect_list": ("缺陷部位", "缺陷内容", "责任单位和整改期限"),
    "facility_acceptance": ("设备清点", "查验和试运行结果", "厂家培训情况"),
    "building_handover": ("逐项查验结果", "工程资料移交", "实物移交"),
    "open_issues": ("问题分类汇总", "整改跟踪", "再次查验结果"),
    "key_handover": ("钥匙清单", "交接双方和日期"),
    "move_in_papers": ("文件清单", "印制安排"),
    "satisfaction_survey": ("调查范围和方式", "调查结果", "改进意见"),
}  # fmt: skip
COLUMNS = ("key", "phase", "kind", "title", "result", "post", "clause", "anchor", "months", "days", "holds", "note")


def insert_template(apps, schema_editor):
    """Idempotent, so that tests may call it after emptying the tables."""
    rows, contents = apps.get_model("intervention", "TemplateItem"), apps.get_model("intervention", "ChecklistItem")
    for position, row in enumerate(TEMPLATE, start=1):
        said = dict(zip(COLUMNS, row, strict=True))
        rows.objects.get_or_create(key=said.pop("key"), defaults={**said, "position": position})
    for result, titles in CONTENTS.items():
        for position, title in enumerate(titles, start=1):
            contents.objects.get_or_create(result=result, title=title, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("intervention", "0001_initial")]

    operations = [migrations.RunPython(insert_template, migrations.RunPython.noop, elidable=False)]
