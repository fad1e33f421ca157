import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0003_carry_ledger_entries")]

    operations = [
        migrations.AddConstraint(
            model_name="markrevision",
            constraint=models.UniqueConstraint(
                models.F("chain"),
                django.db.models.functions.comparison.Coalesce("superseded_entry", 0),
                name="markrevision_has_one_current_belief",
            ),
        ),
        migrations.AddConstraint(
            model_name="markrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("superseded__isnull", True), ("superseded__gt", models.F("recorded")), _connector="OR"
                ),
                name="markrevision_is_superseded_after_recorded",
            ),
        ),
        migrations.AddConstraint(
            model_name="markrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("superseded__isnull", True), ("superseded_entry__isnull", False), _connector="OR"
                ),
                name="markrevision_is_superseded_by_an_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="markrevision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("recorded__isnull", True)),
                fields=("recorded_entry",),
                name="markrevision_waits_for_its_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="markrevision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded__isnull", True), ("superseded_entry__isnull", False)),
                fields=("superseded_entry",),
                name="markrevision_waits_for_its_end_number",
            ),
        ),
    ]
