"""A target's rule in words, as an official reads it: the first line of every receipt."""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .enums import Outcome
from .rules import Rule


def rule_in_words(
    rule: Rule,
    *,
    audiences: list[str],
    unit: str,
    kinds: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
    courses: Mapping[str, str] | None = None,
    levels: Mapping[str, str] | None = None,
) -> list[str]:
    """One sentence a line: the demand, whom it counts, whom it leaves out, what counts.

    The mappings turn codes into what people call them; a code that is not in them stands for itself.
    """
    if rule.of_units:
        return _of_units(rule, unit, kinds or {}, courses)
    return [
        _demand(rule, audiences, unit),
        *_whom(rule, _named(rule.unit_kinds, kinds)),
        *_left_out(rule, _named(rule.excluded_reasons, reasons)),
        _training(rule, _named(rule.courses, courses), _named(rule.levels, levels)),
        *_what_counts(rule),
    ]


def _demand(rule: Rule, audiences: list[str], unit: str) -> str:
    value = f"{rule.value.normalize():f}".replace(".", ",")
    if rule.operator == ">":
        text = _("Above {value} % of the officers of {unit} in the groups: {audiences}.")
    elif rule.operator == ">=":
        text = _("At least {value} % of the officers of {unit} in the groups: {audiences}.")
    else:
        text = _("{value} % of the officers of {unit} in the groups: {audiences}.")
    return text.format(value=value, unit=unit, audiences=_list(audiences))


def _of_units(
    rule: Rule, unit: str, kinds: Mapping[str, str], activities: Mapping[str, str] | None
) -> list[str]:
    """The same where units are counted by what they held."""
    value = f"{rule.value.normalize():f}".replace(".", ",")
    of_kinds = _list(_named(rule.unit_kinds, kinds))
    demands = {
        ">": _("Above {value} % of the units of {unit} of these kinds: {kinds}."),
        ">=": _("At least {value} % of the units of {unit} of these kinds: {kinds}."),
        "=": _("{value} % of the units of {unit} of these kinds: {kinds}."),
    }
    lines = [demands[rule.operator].format(value=value, unit=unit, kinds=of_kinds)]
    if rule.having:
        having = kinds.get(rule.having, rule.having)
        lines.append(_("Only units with one of this kind below them count: {kind}.").format(kind=having))
    held = _list(_named(rule.courses, activities))
    if rule.course_rule == "all" and len(rule.courses) > 1:
        lines.append(_("A unit counts that held activities of all these kinds: {kinds}.").format(kinds=held))
    else:
        lines.append(_("A unit counts that held an activity: {kinds}.").format(kinds=held))
    lines.append(_("Activities count once a second person has approved them."))
    return [*lines, _since_when(rule)]


def _whom(rule: Rule, kinds: list[str]) -> list[str]:
    lines = []
    if kinds:
        lines.append(_("Only posts in units of these kinds count: {kinds}.").format(kinds=_list(kinds)))
    if rule.new_within_months:
        lines.append(
            ngettext(
                "Only officers who came to this work within the last {count} month.",
                "Only officers who came to this work within the last {count} months.",
                rule.new_within_months,
            ).format(count=rule.new_within_months)
        )
    elif rule.grace_days:
        lines.append(
            ngettext(
                "Whoever took up the post less than {count} day ago is listed and not counted yet.",
                "Whoever took up the post less than {count} days ago is listed and not counted yet.",
                rule.grace_days,
            ).format(count=rule.grace_days)
        )
    return lines


def _left_out(rule: Rule, reasons: list[str]) -> list[str]:
    if not reasons:
        return []
    return [
        _(
            "Whoever is away, with approval, for one of these reasons is listed and not counted: {reasons}."
        ).format(reasons=_list(reasons))
    ]


def _training(rule: Rule, courses: list[str], levels: list[str]) -> str:
    if len(courses) == 1 and rule.course_rule in ("any", "all"):
        return _("Trained is who took the course {course}.").format(course=courses[0])
    if rule.course_rule == "any":
        return _("Trained is who took any one of the courses: {courses}.").format(courses=_list(courses))
    if rule.course_rule == "all":
        return _("Trained is who took all of the courses: {courses}.").format(courses=_list(courses))
    if rule.course_rule == "levels":
        return _("Trained is who took a course of every level ({levels}) among: {courses}.").format(
            levels=_list(levels), courses=_list(courses)
        )
    hours = f"{(rule.hours or 0):f}".rstrip("0").rstrip(".").replace(".", ",") if rule.hours else "0"
    return _("Trained is who has at least {hours} hours together in the courses: {courses}.").format(
        hours=hours, courses=_list(courses)
    )


def _what_counts(rule: Rule) -> list[str]:
    if rule.outcome == "passed":
        lines = [_("What counts is having passed.")]
    elif rule.outcome == "completed":
        lines = [_("What counts is having completed it, or passed.")]
    else:
        lines = [_("What counts is having attended, completed or passed.")]
    if rule.window == "period":
        lines.append(_("Training counts from {day} on.").format(day=_day(rule.period_start)))
    elif rule.window == "months":
        lines.append(
            ngettext(
                "Training of the last {count} month counts.",
                "Training of the last {count} months counts.",
                rule.window_months,
            ).format(count=rule.window_months)
        )
    else:
        lines.append(_("Training counts whenever it was."))
    if rule.must_be_valid:
        lines.append(_("A certificate must still be valid on the day."))
    if rule.external_accepted:
        lines.append(_("Classes and outside records count once they are approved."))
    else:
        lines.append(_("Classes count once they are approved; outside records do not count."))
    return lines


def _since_when(rule: Rule) -> str:
    if rule.window == "period":
        return _("Activities count from {day} on.").format(day=_day(rule.period_start))
    if rule.window == "months":
        return ngettext(
            "Activities of the last {count} month count.",
            "Activities of the last {count} months count.",
            rule.window_months,
        ).format(count=rule.window_months)
    return _("Activities count whenever they were.")


def outcome_in_words(outcome: str) -> str:
    return str(Outcome(outcome).label)


def _named(codes: tuple[str, ...], names: Mapping[str, str] | None) -> list[str]:
    return [names.get(code, code) if names else code for code in codes]


def _list(items: list[str]) -> str:
    return "; ".join(items)


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
