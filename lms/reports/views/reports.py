"""One report: its figures and words, who did what with it, and the next step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.kernel.errors import Refused
from lms.reports import services
from lms.reports.documents import MEDIA_TYPES, WRITERS
from lms.reports.enums import SENT, FileFormat, RestatementStatus, SectionKey, StepKind
from lms.reports.errors import NotNow
from lms.reports.forms import LetterheadForm
from lms.reports.letters import Annex, rate_words
from lms.reports.models import ClosedReport, Letterhead, LineComment, Restatement, UnitReport
from lms.reports.policies import next_steps, reports_within_reach
from lms.reports.writing import Figures, figures_of, letter_of, letterhead_for, prefilled
from lms.roster import policies, queries
from lms.roster.entry import permitted, said
from lms.roster.enums import Permit
from lms.roster.queries import Person

from .periods import KIND


@dataclass(frozen=True)
class SectionShown:
    """One part of the text as the page shows it."""

    key: str
    title: str
    text: str
    written: bool
    """By a person, not from the figures."""
    comment: str


@dataclass(frozen=True)
class FigureShown:
    """One target's part: table, state, and what became of its closing since."""

    annex: Annex
    rate: str
    met: bool | None
    counts: dict[str, int]
    rule: float
    closed: ClosedReport | None
    newest: ClosedReport | None
    waiting: Restatement | None


def _within(me: Person, public_id: UUID) -> UnitReport:
    return get_object_or_404(reports_within_reach(me, timezone.localdate()), public_id=public_id)


@require_safe
@permitted(Permit.SEE_FIGURES)
def report(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Figures, words, steps; the one thing to do next at the top."""
    found = _within(me, public_id)
    today = timezone.localdate()
    figures = figures_of(found)
    letter = letter_of(found, figures)
    comments, titles = _comments(found), _titles(found)
    names = queries.last_names([found.unit.code, found.period.unit.code])
    return render(
        request,
        "reports/report.html",
        {
            "report": found,
            "unit": names.get(found.unit.code, found.unit.code),
            "kind": KIND.get(found.status, ""),  # type: ignore[call-overload]
            "steps": found.steps.select_related("by").prefetch_related("comments"),
            "people": _who(found),
            "next": next_steps(found, me, today),
            "sections": _sections(found, figures, comments),
            "figures": [_shown(one, annex, me) for one, annex in zip(figures, letter.annexes, strict=True)],
            "comments": [(titles[line], _anchor(line), text) for line, text in comments.items()],
            "at_rows": {titles[line]: text for line, text in comments.items() if line.startswith("unit:")},
            "titles": titles,
            "sent": found.status in SENT,
            "formats": FileFormat,
            "written": _written(found),
            "has_letterhead": Letterhead.objects.filter(unit=found.unit).exists(),
            "may_restate": policies.may(me, Permit.CLOSE_PERIOD, found.unit, today),
            "me": me,
            "today": today,
        },
    )


def _written(found: UnitReport) -> int:
    """How much of the files is there, in per cent; a report that leaves none waits for none."""
    return 100 * found.files.count() // len(FileFormat) if found.status in SENT else 100


def _comments(found: UnitReport) -> dict[str, str]:
    """By line, what has to be corrected, while the report is with the unit."""
    last = found.steps.filter(kind=StepKind.RETURNED).last()
    if last is None or found.status in SENT:
        return {}
    return {one.line: one.text for one in LineComment.objects.filter(step=last)}


def _titles(found: UnitReport) -> dict[str, str]:
    """What the lines that were ever commented are called."""
    lines = LineComment.objects.filter(step__report=found).values_list("line", flat=True).distinct()
    codes = [line.partition(":")[2] for line in lines if line.startswith("unit:")]
    names = queries.last_names(codes) if codes else {}
    parts = {f"section:{key.value}": str(key.label) for key in SectionKey}
    return {line: parts.get(line) or names.get(code := line.partition(":")[2], code) for line in lines}


def _anchor(line: str) -> str:
    """Where the line stands on the page."""
    kind, _colon, key = line.partition(":")
    return key if kind == "section" else "figures"


def _who(found: UnitReport) -> dict[int, str]:
    return queries.full_names(found.steps.exclude(by=None).values_list("by", flat=True))


def _sections(found: UnitReport, figures: Sequence[Figures], comments: dict[str, str]) -> list[SectionShown]:
    made = prefilled(found, figures)
    written = {section.key: section.text for section in found.sections.all()}
    return [
        SectionShown(
            key.value,
            str(key.label),
            written.get(key.value, made[key.value]),
            key.value in written,
            comments.get(f"section:{key.value}", ""),
        )
        for key in SectionKey
    ]


def _shown(one: Figures, annex: Annex, me: Person) -> FigureShown:
    figure = one.content["figures"]
    newest = one.closed
    while newest is not None and (after := ClosedReport.objects.filter(replaces=newest).first()):
        newest = after
    waiting = None
    if newest is not None:
        waiting = newest.restatements.filter(
            superseded_entry__isnull=True, status=RestatementStatus.PROPOSED
        ).first()
    return FigureShown(
        annex=annex,
        rate=rate_words(annex.total),
        met=figure["met"],
        counts={
            state: figure[state] for state in ("trained", "pending", "in_progress", "expired", "not_started")
        },
        rule=float(annex.value),
        closed=one.closed,
        newest=newest,
        waiting=waiting,
    )


# Steps ------------------------------------------------------------------------------------------


@require_POST
@permitted(Permit.SEE_FIGURES)
def step(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Prepare, take back, sign, forward or remind: what the button says."""
    found = _within(me, public_id)
    acts: dict[str, tuple[str, Callable[..., object]]] = {
        "prepare": (_("The report is ready. Somebody else signs it."), services.prepare_report),
        "take_back": (_("The report is back on your desk."), services.take_back),
        "sign": (_("Signed and sent. Its figures are closed."), services.sign_report),
        "forward": (_("Checked and sent on."), services.forward_report),
    }
    act = request.POST.get("act", "")
    today = timezone.localdate()
    if act not in next_steps(found, me, today):
        if act not in {*acts, "remind"}:
            raise Http404
        said(request, "", lambda: _refuse(found, request))
    elif act == "remind":
        said(
            request,
            _("Reminded: it stands at the top of the unit's desk."),
            lambda: services.remind_unit(report=found, by=me, today=today),
        )
    else:
        done, service = acts[act]
        version = _version(request)
        said(request, done, lambda: service(report=found, version=version, by=me, today=today))
    if request.POST.get("back") == "period":
        return redirect("reports:period", found.period.public_id)
    return redirect("reports:report", found.public_id)


def _version(request: HttpRequest) -> int:
    """The report as it was seen; what is no number was never seen."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _refuse(found: UnitReport, request: HttpRequest) -> None:
    """The step is not open to this person now: because of what others did meanwhile, or of their role."""
    if str(found.version) != request.POST.get("version"):
        raise NotNow
    raise PermissionDenied


@permitted(Permit.PREPARE_REPORT)
def section(request: HttpRequest, me: Person, public_id: UUID, key: str) -> HttpResponse:
    """Write one part of the text; emptied, it is made from the figures again."""
    found = _within(me, public_id)
    if key not in SectionKey.values:
        raise Http404
    if "write" not in next_steps(found, me, timezone.localdate()):
        raise PermissionDenied
    if request.method == "POST":
        text = "" if request.POST.get("act") == "reset" else request.POST.get("text", "")
        said(
            request,
            _("Saved."),
            lambda: services.write_section(
                report=found, key=SectionKey(key), text=text[:20_000], by=me, today=timezone.localdate()
            ),
        )
        return redirect(f"{_address(found)}#{key}")
    figures = figures_of(found)
    made = prefilled(found, figures)
    written = found.sections.filter(key=key).first()
    return render(
        request,
        "reports/section.html",
        {
            "report": found,
            "key": key,
            "title": SectionKey(key).label,
            "text": written.text if written else made[key],
            "made": made[key],
            "comment": _comments(found).get(f"section:{key}", ""),
        },
    )


def _address(found: UnitReport) -> str:
    return reverse("reports:report", args=[found.public_id])


@permitted(Permit.CLOSE_PERIOD)
def give_back(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Return it with comments at lines."""
    found = _within(me, public_id)
    today = timezone.localdate()
    if "return" not in next_steps(found, me, today):
        raise PermissionDenied
    figures = figures_of(found)
    lines = [(f"section:{key.value}", str(key.label)) for key in SectionKey]
    rows = {row.unit for one in figures for row in (*one.counted.children, one.counted.whole)}
    names = queries.last_names(rows)
    lines += [(f"unit:{code}", names.get(code, code)) for code in sorted(rows, key=lambda c: names.get(c, c))]
    written = _sections(found, figures, {})
    shown = {f"section:{part.key}": part.text for part in written} | _rates(figures)
    if request.method == "POST":
        comments = {line: request.POST.get(line, "")[:1000] for line, _title in lines}
        if said(
            request,
            _("Returned with your comments."),
            lambda: services.return_report(
                report=found,
                version=_version(request),
                comments=comments,
                note=request.POST.get("note", "")[:1000],
                by=me,
                today=today,
            ),
        ):
            return redirect("reports:period", found.period.public_id)
    return render(
        request,
        "reports/give_back.html",
        {
            "report": found,
            "unit": names.get(found.unit.code, found.unit.code),
            "lines": [
                (line, title, request.POST.get(line, ""), shown.get(line, "")) for line, title in lines
            ],
            "note": request.POST.get("note", ""),
        },
    )


def _rates(figures: Sequence[Figures]) -> dict[str, str]:
    """«T1: 4/10 · T5: 0/1» of each row, by its line."""
    told: dict[str, list[str]] = {}
    for one in figures:
        for row in {row.unit: row for row in (*one.counted.children, one.counted.whole)}.values():
            told.setdefault(f"unit:{row.unit}", []).append(
                f"{one.content['target']['code']}: {row.trained}/{row.required}"
            )
    return {line: " · ".join(parts) for line, parts in told.items()}


# Files, letterhead, restatements -----------------------------------------------------------------


@require_safe
@permitted(Permit.SEE_FIGURES)
def file(request: HttpRequest, me: Person, public_id: UUID, format_: str) -> HttpResponse:
    """The written file; of a report that was not sent, a draft that is kept by nobody."""
    found = _within(me, public_id)
    if format_ not in FileFormat.values:
        raise Http404
    if found.status in SENT:
        kept = get_object_or_404(found.files, format=format_)
        content = bytes(kept.content)
    else:
        content = WRITERS[format_](letter_of(found))
    answer = HttpResponse(content, content_type=MEDIA_TYPES[format_])
    draft = "" if found.status in SENT else "-du-thao"
    answer["Content-Disposition"] = f'attachment; filename="bao-cao-{found.unit.code}{draft}.{format_}"'
    answer["Cache-Control"] = "no-store"
    return answer


@permitted(Permit.PREPARE_REPORT)
def letterhead(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """How the unit's letters look; what can be made out of its name stands there already."""
    today = timezone.localdate()
    unit = get_object_or_404(policies.units_within_reach(me, Permit.PREPARE_REPORT, today), code=code)
    row = Letterhead.objects.filter(unit=unit).first() or letterhead_for(unit, today)
    form = LetterheadForm(request.POST or None, instance=row)
    back = request.GET.get("report", "")
    if request.method == "POST" and form.is_valid():
        services.set_letterhead(unit=unit, letterhead=form.save(commit=False), by=me, today=today)
        messages.success(request, _("Saved. From now on the unit's letters look like this."))
        try:
            return redirect("reports:report", UUID(back))
        except ValueError:
            return redirect("reports:home")
    return render(
        request,
        "reports/letterhead.html",
        {"form": form, "unit": queries.unit_on(unit, today), "back": back},
    )


@require_POST
@permitted(Permit.CLOSE_PERIOD)
def restate(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Ask that a closed figure be restated, or decide what another asked for."""
    found = _within(me, public_id)
    today = timezone.localdate()
    if found.status not in SENT or not policies.may(me, Permit.CLOSE_PERIOD, found.unit, today):
        raise PermissionDenied
    closed = get_object_or_404(ClosedReport, public_id=_uuid(request.POST.get("closed", "")), unit=found.unit)
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")[:500]
    waiting = closed.restatements.filter(
        superseded_entry__isnull=True, status=RestatementStatus.PROPOSED
    ).first()
    try:
        done = _decide(act, closed, waiting, reason, me)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("reports:report", found.public_id)


def _decide(act: str, closed: ClosedReport, waiting: Restatement | None, reason: str, me: Person) -> str:
    today = timezone.localdate()
    if act == "propose":
        services.propose_restatement(report=closed, reason=reason, by=me, today=today)
        return _("Asked for. A second person decides.")
    if waiting is None:
        raise Http404
    if act == "approve":
        services.approve_restatement(restatement=waiting, by=me, today=today)
        return _("Restated. The earlier figure stays beside it.")
    services.reject_restatement(restatement=waiting, by=me, today=today, reason=reason)
    return _("Rejected. The report stays as it is.")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
