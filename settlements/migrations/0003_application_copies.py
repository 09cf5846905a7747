"""Applications that were there before: the month's own, its document's place, the tax that was not asked for then.

What was signed stays as it was (``layout`` 1): tax and rates are kept beside it, not put into it.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.db import migrations

TAX_RATE = Decimal("0.06")
DEAD = ("rejected", "voided")


def fill(apps, schema_editor):
    """A second monthly one of a month and side, which nothing forbade, becomes an interim one."""
    using = schema_editor.connection.alias
    applications = apps.get_model("settlements", "Application").objects.using(using)
    lines = apps.get_model("settlements", "ApplicationLine").objects.using(using)
    taken, serials = set(), {}
    for row in applications.select_related("document").order_by("document_id"):
        document = row.document
        row.project_id, row.month, row.side = document.project_id, document.period, document.side
        row.live, row.counted = document.state not in DEAD, document.state == "approved"
        place = (row.project_id, row.month, row.side)
        if row.live and place in taken:
            serials[place] = row.serial = serials.get(place, 0) + 1
            row.nature = "interim"
        elif row.live:
            taken.add(place)
        row.layout, row.invoice_kind, row.tax_rate = 1, "special", TAX_RATE
        total = row.subtotal + row.commission
        row.net = (total / (1 + TAX_RATE)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        row.tax = total - row.net
        row.save()
        lines.filter(document_id=document.pk).update(rate=row.rate)


class Migration(migrations.Migration):
    dependencies = [("settlements", "0002_application_whole")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
