"""The trainer's bank: find, read, word, retire questions. One's own courses; else nothing exists."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.roster.queries import Person, person_of

from .. import policies, queries, services
from ..bank_forms import NAMES, BankForm, FilterForm, LabelsForm
from ..bodies import wrong_with
from ..editing import COLUMNS, SWITCHES, body_of, parts_text, rows_of, units_text
from ..enums import Kind
from ..errors import PictureRefused
from ..formats.markup import tidy
from ..formats.records import NotTaken
from ..marking import needs_a_person, points
from ..models import Bank, Question, QuestionImage, QuestionVersion
from ..presentation import read_answer, shown
from ..records import QuestionDraft, QuestionFilter
from ..reviewing import reviewed_item
from ..wordings import sentence

P = ParamSpec("P")
PAGE = 50
TRIAL_SEED = 1


def writes(
    view: Callable[Concatenate[HttpRequest, Person, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Hand the view the person who asks; 403 for whoever writes no courses today."""

    def fetch(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        me = person_of(request.user)
        if me is None or not policies.may_write_anywhere(me, timezone.localdate()):
            raise PermissionDenied
        return view(request, me, *args, **kwargs)

    return fetch


def bank_within(me: Person, code: str) -> Bank:
    return get_object_or_404(policies.banks_within_reach(me, timezone.localdate()), code=code)


def question_within(me: Person, pk: int) -> Question:
    banks = policies.banks_within_reach(me, timezone.localdate())
    return get_object_or_404(Question.objects.filter(bank__in=banks).select_related("bank"), pk=pk)


@writes
def banks(request: HttpRequest, me: Person) -> HttpResponse:
    """My banks; and a new one."""
    posted = request.POST if request.method == "POST" else None
    form = BankForm(posted, courses=policies.courses_of(me))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = services.open_bank(code=given["code"], title=given["title"], course=given["course"], by=me)
        return redirect("quizzes:bank", made.code)
    rows = queries.banks_listed(policies.banks_within_reach(me, timezone.localdate()))
    return render(request, "quizzes/bank/banks.html", {"banks": rows, "form": form}, status=_status(request))


@require_safe
@writes
def bank(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """The questions of a bank, by whatever is asked for."""
    found = bank_within(me, code)
    everything = queries.newest_questions(found)
    form = FilterForm(request.GET, tags=queries.tags_in(everything))
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.questions_found(
        found,
        QuestionFilter(
            text=wanted.get("q") or "",
            kind=wanted.get("kind") or "",
            objective=wanted.get("objective"),
            difficulty=wanted.get("difficulty"),
            tag=wanted.get("tag") or "",
            retired=bool(wanted.get("retired")),
        ),
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "quizzes/bank/bank.html",
        {
            "bank": found,
            "form": form,
            "page": page,
            "kinds": Kind.choices,
            "formats": NAMES.items(),
            "filtered": any(wanted.values()),
        },
    )


@require_safe
@writes
def export(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """The bank as a file; what the format cannot carry is told first."""
    found = bank_within(me, code)
    form = request.GET.get("format", "")
    if form not in NAMES:
        raise Http404
    written = services.export_questions(bank=found.code, form=form)
    if (written.left or written.notes) and "anyway" not in request.GET:
        lines = [(note.name, sentence(note.why, note.detail)) for note in [*written.left, *written.notes]]
        context = {"bank": found, "form": form, "name": NAMES[form], "lines": lines, "count": written.count}
        return render(request, "quizzes/bank/export.html", context)
    suffix, media_type = services.file_kind(form)
    return HttpResponse(
        written.content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{found.code}{suffix}"'},
    )


@writes
def question(request: HttpRequest, me: Person, pk: int) -> HttpResponse:
    """A question as learners meet it; to try, with its key, its versions, where it is used."""
    found = question_within(me, pk)
    version = services.newest_of(found)
    answer = None
    tried = request.method == "POST"
    if tried:
        answer = read_answer(version.kind, version.body, request.POST, TRIAL_SEED)
    worth = points(version.kind, version.body, answer)
    reach = policies.banks_within_reach(me, timezone.localdate())
    return render(
        request,
        "quizzes/bank/question.html",
        {
            "bank": found.bank,
            "question": found,
            "version": version,
            "shown": shown(version.kind, version.body, answer, TRIAL_SEED),
            "tried": tried,
            "worth": int(100 * worth),
            "by_person": needs_a_person(version.kind, version.body),
            "item": reviewed_item(1, version.kind, version.body, answer, "", version.objective),
            "versions": found.versions.order_by("-number"),
            "uses": queries.uses_of(found),
            "alike": queries.alike(version, reach),
        },
    )


@require_POST
@writes
def retire(request: HttpRequest, me: Person, pk: int) -> HttpResponse:
    """Draw it no more, or again."""
    found = question_within(me, pk)
    if found.retired:
        services.bring_back_question(question=found, by=me)
        messages.success(request, _("The question may be drawn again."))
    else:
        services.retire_question(question=found, by=me)
        messages.success(request, _("The question is drawn no more. Tests that were frozen with it keep it."))
    return redirect("quizzes:bank_question", found.pk)


@writes
def edit(request: HttpRequest, me: Person, pk: int) -> HttpResponse:
    found = question_within(me, pk)
    version = services.newest_of(found)
    return _worded(request, me, found.bank, version.kind, found, version)


@writes
def add(request: HttpRequest, me: Person, code: str, kind: str) -> HttpResponse:
    if kind not in Kind.values:
        raise Http404
    return _worded(request, me, bank_within(me, code), kind, None, None)


def _worded(
    request: HttpRequest,
    me: Person,
    bank: Bank,
    kind: str,
    question: Question | None,
    version: QuestionVersion | None,
) -> HttpResponse:
    """The form of a question. «Preview» shows it and keeps nothing; «Keep» makes a version."""
    before: dict[str, Any] = dict(version.body) if version else {}
    faults: list[str] = []
    body, preview = before, None
    form = LabelsForm(request.POST or None, initial=_initial(version))
    if request.method == "POST":
        body, faults = _posted_body(request, bank, kind, before)
        if form.is_valid() and not faults:
            if "preview" in request.POST:
                preview = shown(kind, body, None, TRIAL_SEED)
            else:
                kept = services.word_question(
                    bank=bank, draft=_draft(form, kind, body, question), by=me, question=question
                )
                messages.success(request, _("The question is kept."))
                return redirect("quizzes:bank_question", kept.pk)
    return render(
        request,
        "quizzes/bank/edit.html",
        {
            "bank": bank,
            "question": question,
            "kind": Kind(kind),
            "form": form,
            "faults": faults,
            "preview": preview,
            "body": body,
            "columns": COLUMNS.get(kind, ()),
            "rows": rows_of(kind, body),
            "switches": [(name, body.get(name, name == "fold_case")) for name in SWITCHES.get(kind, ())],
            "units": units_text(body),
            "parts": request.POST.get("parts") or parts_text(body),
            "types": " ".join(body.get("types", [])),
        },
        status=422 if faults or form.errors else 200,
    )


def _posted_body(
    request: HttpRequest, bank: Bank, kind: str, before: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """What was posted, and all that is wrong with it."""
    try:
        body = body_of(kind, request.POST, before)
        picture = request.FILES.get("picture")
        if kind == "hotspot" and picture is not None:
            body = services.picture_in(body, services.keep_picture(bank=bank, content=picture.read()))
    except NotTaken as refusal:
        return before, [sentence(refusal.why, refusal.detail)]
    except PictureRefused as refusal:
        return before, [str(refusal)]
    return body, [sentence(one) for one in wrong_with(kind, body)]


def _initial(version: QuestionVersion | None) -> dict[str, Any]:
    if version is None:
        return {}
    return {
        "stem": version.body.get("stem", ""),
        "explanation": version.body.get("explanation", ""),
        "name": version.name,
        "objective": version.objective,
        "difficulty": version.difficulty,
        "tags": "; ".join(version.tags),
        "law": version.law,
        "source": version.source,
    }


def _draft(form: LabelsForm, kind: str, body: dict[str, Any], question: Question | None) -> QuestionDraft:
    given = form.cleaned_data
    tags = tuple(dict.fromkeys(tag for one in given["tags"].split(";") if (tag := tidy(one))))
    return QuestionDraft(
        question.code if question else "",
        kind,
        given["objective"],
        given["difficulty"],
        body,
        tags,
        name=given["name"],
        source=given["source"],
        law=given["law"],
    )


@require_safe
def image(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A picture, for those who write in its bank and those who have met a question of it."""
    found = get_object_or_404(QuestionImage.objects.select_related("bank"), public_id=public_id)
    me = person_of(request.user)
    today = timezone.localdate()
    if me is None or not (
        queries.has_met(me.pk, found.bank_id)
        or policies.banks_within_reach(me, today).filter(pk=found.bank_id).exists()
    ):
        raise Http404
    return HttpResponse(
        bytes(found.content),
        content_type=found.media_type,
        headers={
            "Cache-Control": "private, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
