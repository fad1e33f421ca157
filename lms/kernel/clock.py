"""The one clock that decides: the database's."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils import timezone


def database_now() -> datetime:
    """The database server's time. The embedded database has no clock but this machine's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def now_in_statement(*, ago: timedelta = timedelta(0)) -> Combinable | datetime:
    """The same clock, some time ago, read by the statement that it is part of: no query of its own."""
    if connection.vendor != "postgresql":
        return timezone.now() - ago
    return ExpressionWrapper(Now() - ago, output_field=DateTimeField())
