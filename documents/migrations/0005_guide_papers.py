"""The paper that the guide itself asks for: 超计划代购 carries the 委托 of the department that asks (3.2.3 计划外 B)."""

from django.db import migrations


def insert_papers(apps, schema_editor):
    """Idempotent, so that tests may call it after emptying the tables."""
    paper = apps.get_model("documents", "RequiredPaper")
    paper.objects.get_or_create(company=None, kind="unplanned_purchase", name="委托")


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_late_submission_and_papers")]

    operations = [migrations.RunPython(insert_papers, migrations.RunPython.noop, elidable=False)]
