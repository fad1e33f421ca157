"""The day on which the first lesson of an enrolment was finished stands in the enrolment."""

from typing import Any

from django.db import migrations, models
from django.db.models import Min, OuterRef, Subquery
from django.db.models.functions import TruncDate


def read_already(apps: Any, schema_editor: Any) -> None:
    steps = apps.get_model("learning", "FinishedStep").objects.filter(
        enrolment=OuterRef("pk"), lesson__isnull=False
    )
    first = steps.order_by().values("enrolment").annotate(day=TruncDate(Min("finished_at"))).values("day")
    apps.get_model("learning", "Enrolment").objects.update(reading_since=Subquery(first))


class Migration(migrations.Migration):
    dependencies = [("learning", "0006_feedback_and_checks")]
    operations = [
        migrations.AddField("enrolment", "reading_since", models.DateField(blank=True, null=True)),
        migrations.RunPython(read_already, migrations.RunPython.noop, elidable=True),
    ]
