"""manage.py load_demo: the demonstration organisation, into an empty register."""

import argparse
import csv
import io
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.services import ensure_issuer
from content import queries as content
from content.services import name_writer
from lms.coverage import services as coverage
from lms.coverage.enums import ActivityKind, Outcome, Source
from lms.kernel.commands import day_argument
from lms.portal import made_up_papers as drawn
from lms.portal import made_up_training as training
from lms.portal.demonstration import PASSWORD
from lms.roster import queries as roster
from lms.roster.enums import UnitKind
from lms.roster.queries import register_is_empty
from lms.roster.records import Demonstration
from lms.roster.services import load_demonstration

TRAINER = "giang-vien"
"""Writes in the courses that ship."""

ISSUING_UNIT = "31"
"""Hải Phòng: «lanh-dao» and «bao-cao» keep its register, and each is the other's second person."""

PAPERS = 8
"""So many declared trainings have their paper beside them, and half as many activities."""


class Command(BaseCommand):
    help = "Load the real units of the country, a made-up staff of one city, their training and its targets."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=day_argument, help="the day that recent things hang on")

    def handle(self, *args: Any, **options: Any) -> None:
        if not register_is_empty():
            self.stderr.write(_("The register is not empty; the demonstration was not loaded."))
            sys.exit(1)
        today: date = options["today"] or timezone.localdate()
        with transaction.atomic():
            staff = load_demonstration(seed=options["seed"], today=today, password=PASSWORD)
            ensure_issuer(
                code="CAHP",
                name="Công an thành phố Hải Phòng",
                parent_name="Bộ Công an",
                place="Hải Phòng",
                signatory_title="Giám đốc",
                signatory="Trần Quang Minh",
                unit_code=ISSUING_UNIT,
            )
            self._train(staff, options["seed"])
            self._hold(today, options["seed"])
            for edition in content.catalogue():
                name_writer(code=edition.code, username=TRAINER)
        self.stderr.write(
            _("Demonstration loaded: {people} people in Hải Phòng, as of {day}.").format(
                people=len({person.code for person in staff.people}), day=today.strftime("%d/%m/%Y")
            )
        )

    def _hold(self, today: date, seed: int) -> None:
        """What the city's communes held at their schools."""
        city = roster.Unit.objects.get(code=ISSUING_UNIT)
        below = [unit for unit in roster.children_of(city, today) if unit.kind == UnitKind.COMMUNE]
        communes, names = ({u.code: u.id for u in below}, {u.code: u.name for u in below})
        rows = roster.Unit.objects.in_bulk(communes.values())
        papers = 0
        for one in training.activities(sorted(communes), today, seed=seed):
            scans = []
            if one.waits and papers < PAPERS // 2:
                papers += 1
                scans = [drawn.hall_picture(title=one.title, participants=one.participants)]
                if papers % 2:
                    scans.append(
                        drawn.minutes_paper(
                            unit=names[one.unit],
                            title=one.title,
                            day=one.day,
                            participants=one.participants,
                        )
                    )
            row = coverage.record_activity(
                unit=rows[communes[one.unit]],
                kind=ActivityKind.SCHOOL,
                day=one.day,
                title=one.title,
                place=one.place,
                participants=one.participants,
                by="operator",
                today=today,
                scans=scans,
            )
            if not one.waits:
                coverage.approve_activity(activity=row, by="operator", today=today)

    def _train(self, staff: Demonstration, seed: int) -> None:
        """By the same commands by which an office would load its records."""
        known = content.course_anchors()
        shown, rows = training.with_papers(training.evidence(staff, seed=seed), PAPERS)
        files: Mapping[str, Any] = {
            "import_courses": (
                ("code", "title", "level", "hours"),
                [
                    *((code, code, "", "") for code in training.PLATFORM_COURSES if code not in known),
                    *training.CLASS_COURSES,
                ],
            ),
            "import_evidence": (training.EVIDENCE_HEADER, rows),
            "import_targets": training.targets(staff),
        }
        with tempfile.TemporaryDirectory() as folder:
            for command, stated in files.items():
                path = Path(folder) / command.replace("import_", "")
                if isinstance(stated, list):
                    path.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
                else:
                    _write_csv(path, *stated)
                call_command(command, str(path), stdout=io.StringIO(), stderr=self.stderr)
                if command == "import_courses":
                    self._declare(shown, staff.today)

    def _declare(self, rows: Sequence[Sequence[Any]], today: date) -> None:
        """What some declared themselves, with a photograph of the paper."""
        titles = {code: title for code, title, _level, _hours in training.CLASS_COURSES}
        names = roster.full_names(roster.person_ids(row[0] for row in rows).values())
        for person, course, level, source, day, hours, score, outcome, valid, reference, _status in rows:
            whose = roster.person_by_code(person)
            paper = drawn.certificate_paper(
                name=names[whose.pk],
                course=titles[course],
                day=day,
                reference=reference,
                issuer="Công an thành phố Hải Phòng",
            )
            coverage.declare_evidence(
                person=person,
                course=course,
                level=level,
                source=Source(source),
                completed_on=day,
                hours=Decimal(hours),
                score=Decimal(score),
                outcome=Outcome(outcome),
                valid_until=valid,
                reference=reference,
                by=whose,
                today=today,
                scans=[paper],
            )


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
