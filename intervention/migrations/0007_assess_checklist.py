"""The first checklist of the monthly assessment and its grades. The guide names the duty and no items (guide 1): these follow
from what it has the property company do; administrators change them."""

from decimal import Decimal

from django.db import migrations

BOTH, PRE, POST = "", "pre", "post"
# title, basis, points, side
CRITERIA = [
    ("事前报批", "3.2.2 4)：单据先批后做，无事后补报", 15, BOTH),
    ("单据和成果质量", "3.2.1 2)：单据、成果一次通过，少退回、无否决", 10, BOTH),
    ("按期办理", "3.1、3.2.4：计划事项、单据按期提交和整改", 10, BOTH),
    ("人员到岗和仪容", "3.2.3 1)A：按批准的岗位配置到岗，着装、礼仪符合要求", 15, PRE),
    ("售楼处日常服务", "3.1.2：与销售人员交流，向客户介绍物业服务和会所", 15, PRE),
    ("样板房服务", "3.1.2：保洁、物品保管、看护、引导参观", 15, PRE),
    ("现场保安", "3.1.2、3.1.3：现场岗位值守，无责任事故", 10, PRE),
    ("推广活动配合", "3.1.2：按活动方案配合，人员、物资到位", 10, PRE),
    ("人员到岗和培训", "3.2.3 1)A：按批准的岗位配置到岗，按计划培训", 15, POST),
    ("工程返修跟进", "3.2.3：已入伙部分返修登记、跟进、复验", 20, POST),
    ("会所等设施运行", "3.2.3：会所等配套设施正常运行", 15, POST),
    ("业主问题处理", "指引 1：协助处理客户问题，按时回访", 15, POST),
]
BANDS = [(90, "优"), (80, "良"), (70, "合格"), (0, "不合格")]


def insert_checklist(apps, schema_editor):
    """Idempotent, so that tests may call it after emptying the tables."""
    criteria, bands = apps.get_model("intervention", "AssessmentCriterion"), apps.get_model("intervention", "GradeBand")
    for position, (title, basis, points, side) in enumerate(CRITERIA, start=1):
        said = {"position": position, "basis": basis, "points": Decimal(points)}
        criteria.objects.get_or_create(title=title, side=side, company=None, defaults=said)
    for start, word in BANDS:
        bands.objects.get_or_create(start=start, defaults={"word": word})


class Migration(migrations.Migration):
    dependencies = [("intervention", "0006_assess_assessment")]

    operations = [migrations.RunPython(insert_checklist, migrations.RunPython.noop, elidable=False)]
