"""The manager's desk: the figure of a unit and everything below it, on a day, by a target."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from lms.coverage import queries as coverage
from lms.coverage.records import ContestsWaiting, EvidenceLine, Figure, TargetListed
from lms.coverage.services import have_figures_kept
from lms.roster import queries as roster
from lms.roster.entry import standing_here
from lms.roster.enums import LookedAt, Permit
from lms.roster.queries import Person
from lms.roster.records import AbsenceTold, PersonOnDay, PostingOnDay, UnitOnDay
from lms.roster.services import note_looks

from ..way import by_state

STATES = ("trained", "pending", "in_progress", "expired", "not_started")


@dataclass(frozen=True)
class Place:
    """Where a manager stands: a unit, a day, a target, and how to link to another of each."""

    me: Person
    unit: UnitOnDay
    path: tuple[UnitOnDay, ...]
    on: date
    targets: tuple[TargetListed, ...]
    target: TargetListed | None

    def link(self, view: str = "portal:desk", *holes: str, **changes: str) -> str:
        query = {"unit": self.unit.code, "on": self.on.isoformat()}
        if self.target:
            query["target"] = self.target.code
        return f"{reverse(view, args=holes)}?{urlencode({**query, **changes})}"


@dataclass(frozen=True)
class Line:
    """One unit of the table: its figure, its picture, and the way into it."""

    name: str
    url: str
    figure: Figure

    @property
    def counts(self) -> dict[str, int]:
        return counts(self.figure)


def counts(figure: Figure) -> dict[str, int]:
    """People by state, as the pictures take them."""
    return {state: getattr(figure, state) for state in STATES}


def share(figure: Figure) -> Fraction | None:
    """The exact rate in per cent."""
    return Fraction(100 * figure.trained, figure.required) if figure.required else None


def desk(request: HttpRequest) -> HttpResponse:
    """One figure with its fraction, what is missing, how fresh the list is, and the units below."""
    place = find_place(request, Permit.SEE_FIGURES)
    if place.target is None:
        return render(request, "portal/desk_without_target.html", {"place": place})
    figure = coverage.figure_at_once(place.target.code, place.unit.code, place.on)
    if figure is None:
        return being_counted(request, place, place.target, [place.on])
    lines = lines_below(place, figure)
    return render(
        request,
        "portal/desk.html",
        {
            "place": place,
            "figure": figure,
            "share": share(figure),
            "counts": counts(figure),
            "lines": lines,
            "idle": len(figure.children) - len(lines),
            "rule": rule_mark(place.target),
            "steps": [] if figure.met else by_state(figure),
            "people_url": place.link("portal:people" if figure.counts == "people" else "portal:units"),
            "way_url": place.link("portal:way" if figure.counts == "people" else "portal:units"),
            "trend_url": place.link("portal:trend"),
            **{f"{form}_url": place.link("portal:export", form) for form in ("csv", "xlsx")},
            "contests": contests_here(request),
        },
    )


def being_counted(
    request: HttpRequest, place: Place, target: TargetListed, days: Sequence[date], *, ready: int = 0
) -> HttpResponse:
    """So many people that a worker counts them first; the page says so, and looks again by itself."""
    have_figures_kept(target.code, days)
    page = render(
        request,
        "portal/desk_counting.html",
        {"place": place, "ready": ready, "total": ready + len(days)},
    )
    page["Refresh"] = "3"
    return page


def lines_below(place: Place, figure: Figure, view: str = "portal:desk") -> list[Line]:
    """The units directly below with somebody to count, those that miss most first."""
    lines = [
        Line(child.unit_name, place.link(view, unit=child.unit), child)
        for child in figure.children
        if child.required or child.excluded or child.in_grace
    ]
    return sorted(lines, key=lambda line: (-(line.figure.short_by or 0), line.name))


def contests_here(request: HttpRequest) -> ContestsWaiting | None:
    """What the person who asks has to answer today; None for whoever answers nothing."""
    standing, today = standing_here(request), timezone.localdate()
    tops = standing.tops(Permit.ANSWER_CONTESTS) if standing else frozenset()
    return coverage.contests_waiting(tops, today) if tops else None


def rule_mark(target: TargetListed) -> float:
    """Where the target stands on the bar, in per cent."""
    return float(target.value.replace(",", "."))


def find_place(request: HttpRequest, permit: Permit) -> Place:
    """The unit that is asked for, if it lay within my reach on that day: else it does not exist.

    The roles are those that I hold today, whatever day I look at: a role that ended shows no past either.
    Without a unit: the highest one that the person's roles name. Without any such role: 403.
    Three queries: the roles, the targets, and the ways up from the unit and from the targets' units.
    """
    standing, on = standing_here(request), _day(request)
    tops = standing.tops(permit) if standing else frozenset()
    if standing is None or not tops:
        raise PermissionDenied
    code = request.GET.get("unit", "")
    listed = coverage.targets_listed()
    ways = roster.paths_of_codes([code] if code else [], {*tops, *(t.unit_id for t in listed)}, on)
    path = _path(ways, code, tops)
    targets = _targets_about(path, ways, listed)
    wanted = request.GET.get("target", "")
    target = next((t for t in targets if t.code == wanted), targets[0] if targets and not wanted else None)
    if wanted and target is None:
        raise Http404
    highest = min(height for height, step in enumerate(path) if step.id in tops)
    return Place(standing.person, path[-1], tuple(path[highest:]), on, tuple(targets), target)


def _path(ways: Mapping[int, list[UnitOnDay]], code: str, tops: Set[int]) -> list[UnitOnDay]:
    """From the root down to the unit with this code, or to the highest of one's own."""
    if not code:
        own = [ways[top] for top in tops if top in ways]
        found = min(own, key=lambda way: (len(way), way[-1].code), default=[])
    else:
        found = next((way for way in ways.values() if way[-1].code == code), [])
    if not any(step.id in tops for step in found):
        raise Http404
    return found


def _targets_about(
    path: Sequence[UnitOnDay], ways: Mapping[int, list[UnitOnDay]], listed: Sequence[TargetListed]
) -> list[TargetListed]:
    """Targets of this unit, of one above it, or of one below it."""
    above, unit = {step.id for step in path}, path[-1].id
    below = {top for top, way in ways.items() if any(step.id == unit for step in way)}
    return [target for target in listed if target.unit_id in above | below]


def _day(request: HttpRequest) -> date:
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


PAGE = 50


@dataclass(frozen=True)
class PersonLine:
    """One person of the list, with the evidence in the target's courses, or why they are left out."""

    code: str
    name: str
    post: str
    evidence: tuple[EvidenceLine, ...]
    away: AbsenceTold | None = None


def people(request: HttpRequest) -> HttpResponse:
    """Who counts and why: everybody of the figure by state, fifty a page, by officer code."""
    place = find_place(request, Permit.READ_RECORDS)
    if place.target is None or place.target.counts != "people":
        raise Http404
    figure = coverage.coverage_of(place.target.code, place.unit.code, place.on, people=True)
    lists = {name: codes for name, codes in figure.people.items() if codes}
    state = request.GET.get("state", "")
    if state not in lists:
        state = "trained" if "trained" in lists else next(iter(lists), "")
    codes = lists.get(state, ())
    first = bisect_right(codes, request.GET.get("after", "")) if request.GET.get("after") else 0
    shown = codes[first : first + PAGE]
    found = roster.people_with_codes(shown, place.on)
    note_looks(
        people=[person.id for person in found], page=LookedAt.TRAINING, by=place.me, on=timezone.localdate()
    )
    return render(
        request,
        "portal/people.html",
        {
            "place": place,
            "figure": figure,
            "tabs": [
                (name, len(found), place.link("portal:people", state=name)) for name, found in lists.items()
            ],
            "state": state,
            "files": [(form, place.link("portal:people_export", form)) for form in ("csv", "xlsx")],
            "people": _person_lines(found, place, state),
            "rule": coverage.rule_sentences(place.target.code, unit_name=place.path[0].name),
            "before": place.link("portal:people", state=state) if first else "",
            "after": (
                place.link("portal:people", state=state, after=shown[-1]) if first + PAGE < len(codes) else ""
            ),
            "back": place.link(),
        },
    )


def _person_lines(found: Sequence[PersonOnDay], place: Place, state: str) -> list[PersonLine]:
    if place.target is None:
        return []
    evidence = coverage.evidence_lines(
        [person.id for person in found], coverage.target_courses(place.target.code), place.on
    )
    away = roster.absences_told([person.id for person in found], place.on) if state == "excluded" else {}
    return [
        PersonLine(
            code=person.code,
            name=person.full_name,
            post="; ".join(filter(None, (_post(post) for post in person.postings))),
            evidence=tuple(evidence.get(person.id, ())) if state != "excluded" else (),
            away=away.get(person.id),
        )
        for person in found
    ]


def _post(post: PostingOnDay) -> str:
    return ", ".join(filter(None, [post.title, post.unit_name]))
