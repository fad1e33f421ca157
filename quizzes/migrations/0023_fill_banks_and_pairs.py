"""Which bank a quiz draws from, and which try before learning belongs to which test, as both stood so far."""

from django.db import migrations


def fill(apps, _schema):
    Quiz = apps.get_model("quizzes", "Quiz")
    for quiz in Quiz.objects.filter(bank__isnull=True):
        newest = quiz.versions.order_by("-number").first()
        drawn = newest.pool.select_related("question").first() if newest else None
        if drawn is not None:
            quiz.bank_id = drawn.question.bank_id
            quiz.save(update_fields=["bank"])
    tests = {quiz.code: quiz for quiz in Quiz.objects.filter(pretest__isnull=True)}
    for code, quiz in tests.items():
        if f"{code}-TRUOC" in tests:
            quiz.pretest = tests[f"{code}-TRUOC"]
            quiz.save(update_fields=["pretest"])


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0022_parts_passage_and_feedback")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
