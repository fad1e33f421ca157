"""Data: say of the questions that are there what they are like."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from quizzes.likeness import likeness


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    versions = apps.get_model("quizzes", "QuestionVersion")
    rows = []
    for row in versions.objects.filter(likeness="").iterator():
        row.likeness = likeness(row.kind, row.body)
        rows.append(row)
    versions.objects.bulk_update(rows, ["likeness"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0017_bank_labels")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
