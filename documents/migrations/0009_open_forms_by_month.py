"""What is not decided yet, by place and month: the inbox finds what is overdue without reading what is done with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_evidence_names")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["project", "period"],
                condition=models.Q(state__in=("draft", "returned", "withdrawn", "circulating")),
                name="document_undecided_by_month",
            ),
        )
    ]
