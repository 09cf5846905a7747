"""The working calendar: years that are known and the days that differ from Monday to Friday (guide 6.4)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='年份')),
                ('source', models.CharField(max_length=200, verbose_name='来源')),
                ('imported_at', models.DateTimeField(verbose_name='导入时间')),
                ('imported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
            ],
            options={
                'ordering': ['year'],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='日期')),
                ('is_working', models.BooleanField(verbose_name='上班')),
                ('name', models.CharField(max_length=50, verbose_name='名称')),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='organization.calendaryear', verbose_name='年份')),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.AddConstraint(
            model_name='calendaryear',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 1000), ('year__lte', 9999)), name='calendar_year_has_four_digits'),
        ),
    ]
