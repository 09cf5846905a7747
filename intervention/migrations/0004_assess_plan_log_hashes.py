from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intervention", "0003_journal")]

    operations = [
        migrations.AddField(
            model_name="planevent",
            name="previous_hash",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="planevent",
            name="hash",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
    ]
