"""Seals say how far the trails beside the documents' went; what was sealed before says nothing of them and stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0009_open_forms_by_month")]

    operations = [migrations.AddField(model_name="seal", name="trails", field=models.JSONField(default=dict))]
