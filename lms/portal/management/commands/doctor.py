"""manage.py doctor: what is wrong with this installation, and what to do, in plain words."""

import argparse
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from lms.kernel import queries


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `well` or not, and what to do if not."""

    what: str
    well: bool
    advice: str = ""


def _database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        yield Finding("database answers", False, f"{error}. Check DATABASE_URL.")
        return
    yield Finding(f"database answers ({connection.vendor})", True)
    waiting = MigrationExecutor(connection).migration_plan(
        MigrationExecutor(connection).loader.graph.leaf_nodes()
    )
    yield Finding(
        "tables are up to date", not waiting, f"{len(waiting)} migrations wait: run `manage.py migrate`."
    )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
        yield Finding(
            "SQLite writes ahead (WAL)",
            mode in {"wal", "memory"},
            "The file system may not support WAL: keep var/ on a local disk, not on a network share.",
        )


def _files() -> Iterator[Finding]:
    for name, folder in (("data", settings.VAR), ("media", settings.MEDIA_ROOT), ("keys", settings.KEY_DIR)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".doctor"
            probe.write_text("")
            probe.unlink()
            well = True
        except OSError:
            well = False
        yield Finding(
            f"folder for {name} can be written", well, f"Give this user the right to write {folder}."
        )
    free = shutil.disk_usage(settings.VAR).free
    yield Finding(
        f"disk has room ({free // 2**20:,} MiB free)", free > 2**30, "Less than 1 GiB is free: make room."
    )
    if settings.KEY_DIR.exists():
        open_to_all = [p.name for p in settings.KEY_DIR.iterdir() if p.is_file() and p.stat().st_mode & 0o077]
        yield Finding(
            "keys are readable by their owner alone",
            not open_to_all,
            f"Run `chmod 600` on {', '.join(open_to_all)} in {settings.KEY_DIR}.",
        )


def _security() -> Iterator[Finding]:
    yield Finding("debug is off", not settings.DEBUG, "Set DEBUG=0 before anybody else signs in.")
    yield Finding(
        "addresses are https", settings.HTTPS, "Set BASE_URL to the https:// address that people type."
    )
    yield Finding(
        "the demonstration is off",
        not settings.DEMONSTRATION,
        "Set DEMONSTRATION=0: the sign-in page shows made-up people and their password.",
    )
    sends = settings.EMAIL_BACKEND != "django.core.mail.backends.console.EmailBackend"
    yield Finding("mail is sent", sends, "Set EMAIL_URL, or nobody receives invitations and reminders.")


def _broker() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        yield Finding("work is swept from the database (no broker)", True)
        return
    from django.core.cache import cache

    try:
        cache.set("doctor", "1", 5)
        well = cache.get("doctor") == "1"
        why = ""
    except Exception as error:
        well, why = False, str(error)
    yield Finding("Redis answers", well, f"{why} Check REDIS_URL; work is still swept from the database.")


def _work() -> Iterator[Finding]:
    try:
        overdue = queries.jobs_overdue().count()
    except DatabaseError:
        return  # said already
    yield Finding("work is done in time", not overdue, f"{overdue} jobs wait: start `manage.py work`.")
    aside = queries.jobs_set_aside().count()
    yield Finding(
        "no work was set aside", not aside, f"{aside} jobs failed again and again: see /desk/failed/."
    )
    waiting = queries.entries_without_number()
    yield Finding("the ledger is numbered", waiting < 100, f"{waiting} entries wait: start `manage.py work`.")


EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (_database, _files, _broker, _work, _security)


class Command(BaseCommand):
    help = "Check the installation and say in plain words what is wrong and what to do."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="a machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = [finding for examine in EXAMINATIONS for finding in examine()]
        ill = [finding for finding in findings if not finding.well]
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
        else:
            for finding in findings:
                self.stdout.write(f"{'ok  ' if finding.well else 'NOT '} {finding.what}")
                if not finding.well:
                    self.stdout.write(f"     → {finding.advice}")
        if ill:
            raise CommandError(f"{len(ill)} of {len(findings)} things need attention.", returncode=1)
