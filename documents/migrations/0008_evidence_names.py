"""Names suggested for the evidence of a confirmation (3.2.1 2): attendance, receipts, photographs, acceptance."""

from django.db import migrations

NAMES = ("考勤", "收据", "照片", "验收单", "其他")


def insert_names(apps, schema_editor):
    """Idempotent, so that tests may call it after emptying the tables."""
    paper = apps.get_model("documents", "RequiredPaper")
    for name in NAMES:
        paper.objects.get_or_create(company=None, kind="work_completion", name=name, defaults={"is_required": False})


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_suggested_papers")]

    operations = [migrations.RunPython(insert_names, migrations.RunPython.noop, elidable=False)]
