from django.db import migrations


def fill(apps, schema_editor):
    """Write the sheet of every attempt that was over before there were sheets."""
    from quizzes.sheets import sheet

    attempts = apps.get_model("quizzes", "Attempt").objects
    for attempt in attempts.exclude(state="open").filter(sheet={}).iterator(chunk_size=500):
        items = attempt.items.order_by("position").values_list(
            "question_id", "question__kind", "answer", "answered_at"
        )
        attempt.sheet = sheet(attempt.started_at, items)
        attempt.save(update_fields=["sheet"])


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0015_rulings_appeals_sheets")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
