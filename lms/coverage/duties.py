"""One person's duties: which targets include me, what counts, what is missing (docs/coverage.md §3 and §4).

The same pure rule that `statements` says in SQL for everybody, asked for one human being: nine queries at
most, however many targets there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from content.queries import course_anchors
from content.records.anchors import CourseAnchor
from lms.kernel.spans import months_before
from lms.roster import queries as roster
from lms.roster.enums import AbsenceReason, UnitKind
from lms.roster.records import Post, UnitOnDay

from .enums import EvidenceStatus, activity_kinds
from .lateness import told_late_on, with_first_told
from .models import Evidence, Progress, Target
from .records import Duty, EvidenceLine, EvidenceTold, Need, TargetListed
from .rules import Proof, Rule
from .words import rule_in_words


def duties_of(person_id: int, on: date) -> list[Duty]:
    """Every target that includes the person on that day, as believed now, and where they stand: by code."""
    case = Case(person_id, on)
    return [duty for target in latest_targets() if (duty := case.duty(target)) is not None]


def demanded_of(person_id: int, course: str, on: date) -> bool:
    """Whether some target that includes the person on that day can be met with this course."""
    needs = (need for duty in duties_of(person_id, on) for need in duty.needs)
    return any(need.course_code == course for need in needs)


def latest_targets() -> list[Target]:
    """Every target in its latest version, by code."""
    latest: dict[str, Target] = {}
    for row in Target.objects.current().select_related("unit").order_by("code", "version"):
        latest[row.code] = row
    return list(latest.values())


def listed(row: Target) -> TargetListed:
    return TargetListed(
        code=row.code,
        version=row.version,
        name=row.name,
        document=row.document,
        issuer=row.issuer,
        operator=row.operator,
        value=f"{row.value.normalize():f}".replace(".", ","),
        unit_id=row.unit_id,
        unit_code=row.unit.code,
        period_start=row.period_start,
        period_end=row.period_end,
        counts=row.counts,
        unit_kinds=", ".join(_label(UnitKind, kind) for kind in row.unit_kinds),
    )


@dataclass(frozen=True)
class Case:
    """What the register holds about one human being on a day, read once for all targets."""

    person_id: int
    on: date

    def duty(self, target: Target) -> Duty | None:
        """The duty by this target; None where the person is not in its population (steps 2 and 3)."""
        rule = target.rule
        posts = self._posts_for(target, rule)
        if not posts or not self._new_enough(rule):
            return None
        proofs = [(row, _proof(row)) for row in self.evidence if row.course.code in rule.courses]
        decided = rule.deciding([proof for _row, proof in proofs], self.on)
        reason = next((r for r in self.absences if r in rule.excluded_reasons), "")
        settled = min(post.since for post in posts) <= rule.last_day_out_of_grace(self.on)
        state = rule.state(
            [p for _row, p in proofs], self.on, underway=bool(self.underway & set(rule.courses))
        )
        possible = [(row, p) for row, p in proofs if rule.could_count(p, self.on)]
        return Duty(
            target=listed(target),
            standing="in_grace" if not settled else "excluded" if reason else state,
            rule=tuple(self._words(target, rule)),
            course_rule=rule.course_rule,
            levels=tuple(rule.levels),
            needs=tuple(self._needs(rule, [p for _row, p in proofs])),
            deciding=tuple(_line(row) for row, p in proofs if p in decided),
            waiting=tuple(_line(row) for row, p in possible if p.status == "declared"),
            lapsed=tuple(
                _line(row) for row, p in possible if p.status == "approved" and not rule.in_time(p, self.on)
            ),
            absence=_label(AbsenceReason, reason),
            absent_until=self.absences.get(reason),
            counted_from=(
                None if settled else min(p.since for p in posts) + timedelta(days=max(rule.grace_days, 1))
            ),
        )

    # What is read, once

    @cached_property
    def codes(self) -> list[int]:
        return roster.codes_of_human(self.person_id)

    @cached_property
    def posts(self) -> list[Post]:
        return roster.posts_ever(self.codes)

    @cached_property
    def ways(self) -> dict[int, list[UnitOnDay]]:
        """From the root to the unit, of each unit in which the person works on the day."""
        return roster.paths_of({post.unit for post in self.posts if post.covers(self.on)}, self.on)

    @cached_property
    def evidence(self) -> list[Evidence]:
        rows = Evidence.objects.current().filter(person__in=self.codes).exclude(status="rejected")
        return list(with_first_told(rows.select_related("course").order_by("-completed_on", "-pk")))

    @cached_property
    def underway(self) -> set[str]:
        rows = Progress.objects.current().on(self.on).filter(person__in=self.codes)
        return set(rows.values_list("course__code", flat=True))

    @cached_property
    def absences(self) -> dict[str, date | None]:
        return roster.approved_absences(self.codes, self.on)

    @cached_property
    def anchors(self) -> dict[str, CourseAnchor]:
        return course_anchors()

    @cached_property
    def audiences(self) -> list[tuple[int, str]]:
        return roster.audience_masks_and_names()

    # How

    def _posts_for(self, target: Target, rule: Rule) -> list[Post]:
        return [
            post
            for post in self.posts
            if post.covers(self.on)
            and post.audience_mask & target.audience_mask
            and self._below(post.unit, target.unit_id, rule.unit_kinds)
        ]

    def _below(self, unit: int, top: int, kinds: Sequence[str]) -> bool:
        way = self.ways.get(unit, [])
        return any(step.id == top for step in way) and (not kinds or way[-1].kind in kinds)

    def _new_enough(self, rule: Rule) -> bool:
        if not rule.new_within_months:
            return True
        first = min((p.since for p in self.posts if p.audience_mask & rule.audience_mask), default=None)
        return first is not None and first > months_before(self.on, rule.new_within_months)

    def _words(self, target: Target, rule: Rule) -> list[str]:
        unit = next((s.name for way in self.ways.values() for s in way if s.id == target.unit_id), rule.unit)
        return rule_in_words(
            rule,
            audiences=[name for mask, name in self.audiences if mask & rule.audience_mask],
            unit=unit,
            kinds={kind.value: str(kind.label) for kind in UnitKind},
            reasons={reason.value: str(reason.label) for reason in AbsenceReason},
            courses={code: anchor.title for code, anchor in self.anchors.items()},
        )

    def _needs(self, rule: Rule, proofs: Iterable[Proof]) -> Iterable[Need]:
        done = {proof.course for proof in rule.counted(proofs, self.on)}
        for code in rule.courses:
            anchor = self.anchors.get(code)
            if anchor is None:
                yield Need(code, code, code in done)
            else:
                yield Need(code, anchor.title, code in done, anchor.level, anchor.hours)


def _proof(row: Evidence) -> Proof:
    return Proof(
        course=row.course.code,
        source=row.source,
        completed_on=row.completed_on,
        outcome=row.outcome,
        status=row.status,
        level=row.level,
        hours=row.hours,
        valid_until=row.valid_until,
        revoked_on=row.revoked_on,
        reference=row.reference,
        number=row.recorded or 0,
    )


def _line(row: Evidence) -> EvidenceLine:
    return EvidenceLine(
        course_code=row.course.code,
        course_title=row.course.title,
        source=row.source,
        source_label=row.get_source_display(),
        outcome_label=row.get_outcome_display(),
        completed_on=row.completed_on,
        status=row.status,
        status_label=row.get_status_display(),
        reference=row.reference,
        valid_until=row.valid_until,
        number=row.recorded or 0,
        chain=row.chain,
        told_late_on=told_late_on(row),
    )


def line_in_words(row: Evidence) -> str:
    """«Khóa B5: đạt, 14/06/2026 (lớp, QĐ 12)», with what is not approved or revoked said so."""
    source = ", ".join(filter(None, [row.get_source_display(), row.reference]))
    day = date_format(row.completed_on, "d/m/Y")
    words = f"{row.course.title}: {row.get_outcome_display()}, {day} ({source})"
    if row.status == EvidenceStatus.DECLARED:
        words += f"; {row.get_status_display()}"
    if row.revoked_on:
        words += "; " + _("revoked from {day} on").format(day=date_format(row.revoked_on, "d/m/Y"))
    return words


def told(row: Evidence) -> EvidenceTold:
    return EvidenceTold(
        chain=row.chain,
        person_id=row.person_id,
        course_id=row.course_id,
        source=row.source,
        status=row.status,
        outcome=row.outcome,
        completed_on=row.completed_on,
        reference=row.reference,
        revoked_on=row.revoked_on,
    )


def evidence_lines(
    people: Iterable[int], courses: Iterable[str], on: date
) -> Mapping[int, list[EvidenceLine]]:
    """What these people had done in these courses by that day, by person: the latest first."""
    rows = Evidence.objects.current().filter(
        person__in=list(people), course__code__in=list(courses), completed_on__lte=on
    )
    found: dict[int, list[EvidenceLine]] = {}
    rows = rows.exclude(status="rejected").select_related("course").order_by("-completed_on", "-pk")
    for row in with_first_told(rows):
        found.setdefault(row.person_id, []).append(_line(row))
    return found


def _label(kind: type[AbsenceReason] | type[UnitKind], code: str) -> str:
    return str(kind(code).label) if code in kind.values else code


def rule_sentences(code: str, *, unit_name: str) -> list[str]:
    """The latest version of a target in words, one sentence a line; none for a code that is not known."""
    target = next((row for row in latest_targets() if row.code == code), None)
    if target is None:
        return []
    rule = target.rule
    return rule_in_words(
        rule,
        audiences=[name for mask, name in roster.audience_masks_and_names() if mask & rule.audience_mask],
        unit=unit_name,
        kinds={kind.value: str(kind.label) for kind in UnitKind},
        reasons={reason.value: str(reason.label) for reason in AbsenceReason},
        courses=(
            activity_kinds()
            if rule.of_units
            else {code: anchor.title for code, anchor in course_anchors(rule.courses).items()}
        ),
    )
