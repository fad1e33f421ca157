import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="device",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="attemptitem",
            name="late_answer",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="attemptitem",
            name="late_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="markrevision",
            name="chain",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddField(
            model_name="markrevision",
            name="recorded",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="markrevision",
            name="recorded_entry",
            field=models.BigIntegerField(default=0, editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="markrevision",
            name="superseded",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="markrevision",
            name="superseded_entry",
            field=models.BigIntegerField(editable=False, null=True),
        ),
    ]
