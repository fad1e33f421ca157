from django.db import migrations


def carry(apps, schema_editor):
    """Give the marks that stand already their entries in the ledger; the chain is the attempt's."""
    marks = apps.get_model("quizzes", "MarkRevision").objects.order_by("attempt_id", "number")
    marks = list(marks.select_related("attempt__person", "attempt__quiz", "attempt__version"))
    if not marks:
        return
    from lms.kernel import ledger
    from quizzes.models import mark_fact

    drafts = [
        ledger.Draft(
            "quizzes.mark." + ("recorded" if mark.number == 1 else "corrected"),
            mark.attempt.public_id,
            mark_fact(mark),
            "platform",
            reason=mark.reason,
        )
        for mark in marks
    ]
    ledger.write_numbered(drafts)
    later = None
    for mark, draft in reversed(list(zip(marks, drafts, strict=True))):
        mark.chain, mark.recorded_entry, mark.recorded = draft.subject, draft.id, draft.number
        if later is not None and later.subject == draft.subject:
            mark.superseded_entry, mark.superseded = later.id, later.number
        mark.save()
        later = draft


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_keys_and_erasure"),
        ("quizzes", "0002_ledger_receipts_devices"),
        ("roster", "0007_uploads"),
    ]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
