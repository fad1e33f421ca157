"""Accounts of my units: who has come in, one-time codes on paper and by e-mail, closing, a lost factor."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import segno
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, suspend_request
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lms.accounts import queries as accounts
from lms.kernel.errors import Refused
from lms.kernel.folding import fold
from lms.roster import policies, queries, services
from lms.roster.enums import Permit
from lms.roster.models import Person, PersonRecord, Posting, Unit
from lms.roster.records import Slip

from ..entry import permitted, person_within, said, unit_within

SHOWN = 50
STATES = ("never", "used", "closed", "reset")


def _sure(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it; whoever signed in long ago shows again who they are first."""
    if did_recently_reauthenticate(request):
        return act()
    answer: HttpResponse = suspend_request(request, reverse("account_reauthenticate"))
    return answer


@require_safe
@permitted(Permit.MANAGE_ACCOUNTS)
def home(request: HttpRequest, me: Person) -> HttpResponse:
    """Fifty people at a time, by officer code; of one unit, or found by name."""
    today = timezone.localdate()
    sought, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    wanted = request.GET.get("unit")
    unit = unit_within(me, Permit.MANAGE_ACCOUNTS, wanted, today) if wanted else None
    mine = policies.people_within_reach(me, Permit.MANAGE_ACCOUNTS, today)
    people = _chosen(_of(unit[0], today) if unit else mine, sought, state).filter(
        code__gt=request.GET.get("after", "")
    )
    page = list(people.order_by("code")[: SHOWN + 1])
    return render(
        request,
        "roster/accounts.html",
        {
            "lines": _lines(page[:SHOWN], today),
            "after": page[SHOWN - 1].code if len(page) > SHOWN else "",
            "unit": unit[1] if unit else None,
            "sought": sought,
            "state": state if state in STATES else "",
            "waiting": accounts.in_state("reset").filter(pk__in=mine.values("user")).count(),
        },
    )


def _of(unit: Unit, today: date) -> QuerySet[Person]:
    return Person.objects.filter(
        pk__in=Posting.objects.current().on(today).filter(unit=unit).values("person")
    )


def _chosen(people: QuerySet[Person], sought: str, state: str) -> QuerySet[Person]:
    if sought:
        named = PersonRecord.objects.current()
        for word in fold(sought).split():
            named = named.filter(folded_name__contains=word)
        people = people.filter(pk__in=named.values("person")) | people.filter(code__istartswith=sought)
    if state == "never":
        people = people.filter(user=None) | people.filter(user__in=accounts.in_state("never"))
    elif state in STATES:
        people = people.filter(user__in=accounts.in_state(state))
    return people


def _lines(people: list[Person], today: date) -> list[dict[str, object]]:
    shown = {
        one.id: one for one in queries.people_on(Person.objects.filter(pk__in=[p.pk for p in people]), today)
    }
    states = accounts.account_states([person.user_id for person in people if person.user_id])
    return [
        {"who": shown[person.pk], "state": states.get(person.user_id or 0)}
        for person in people
        if person.pk in shown
    ]


@require_POST
@permitted(Permit.MANAGE_ACCOUNTS)
@never_cache
def sheet(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """Paper to cut: a strip for everybody of the unit who has never signed in."""
    today = timezone.localdate()
    unit, shown = unit_within(me, Permit.MANAGE_ACCOUNTS, code, today)
    return _sure(
        request, lambda: _paper(request, services.print_codes(unit=unit, by=me, today=today), shown.name)
    )


@require_POST
@permitted(Permit.MANAGE_ACCOUNTS)
@never_cache
def code(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """One strip, for somebody new or somebody who has forgotten the password."""
    today = timezone.localdate()
    who = person_within(me, Permit.MANAGE_ACCOUNTS, public_id, today)

    def strip() -> HttpResponse:
        try:
            slip = services.print_code(person=who, by=me, today=today)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("roster:account", public_id)
        return _paper(request, [slip], slip.full_name)

    return _sure(request, strip)


@require_POST
@permitted(Permit.MANAGE_ACCOUNTS)
def letters(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """A letter to everybody of the unit who has never signed in and has an address."""
    today = timezone.localdate()
    unit, _shown = unit_within(me, Permit.MANAGE_ACCOUNTS, code, today)
    people = list(_chosen(_of(unit, today), "", "never"))
    said(
        request,
        _("The letters are on their way; who has no address gets none."),
        lambda: services.invite_people(people=people, by=me, today=today),
    )
    return redirect(f"{reverse('roster:accounts')}?unit={code}")


@permitted(Permit.MANAGE_ACCOUNTS)
@never_cache
def account(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """One person's account: what was done to it, and what may be done."""
    today = timezone.localdate()
    who = person_within(me, Permit.MANAGE_ACCOUNTS, public_id, today)
    if request.method == "POST":
        return _sure(request, lambda: _act(request, me, who, today))
    user_id = who.user_id or 0
    waiting = accounts.waiting_reset(user_id)
    return render(
        request,
        "roster/account.html",
        {
            "who": queries.person_on(who.pk, today),
            "state": accounts.account_states([user_id]).get(user_id),
            "events": accounts.account_history(user_id),
            "waiting": waiting,
            "asked_by_me": waiting is not None and waiting.asked_by_id == me.user_id,
            "myself": queries.same_human(me, who),
            "has_address": PersonRecord.objects.current().filter(person=who).exclude(email="").exists(),
        },
    )


def _act(request: HttpRequest, me: Person, who: Person, today: date) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:300]
    acts: dict[str, tuple[str, Callable[[], object]]] = {
        "invite": (
            _("The letter is on its way."),
            lambda: services.invite_people(people=[who], by=me, today=today),
        ),
        "close": (
            _("Closed. The account opens for nobody."),
            lambda: services.close_sign_in(person=who, by=me, today=today, reason=reason),
        ),
        "reopen": (_("Open again."), lambda: services.reopen_sign_in(person=who, by=me, today=today)),
        "ask": (
            _("Asked. A second administrator must decide."),
            lambda: services.ask_factor_reset(person=who, by=me, today=today, reason=reason),
        ),
        "grant": (
            _("Taken away. At the next sign-in a new second factor is set up."),
            lambda: services.decide_factor_reset(person=who, by=me, today=today, granted=True),
        ),
        "refuse": (
            _("Refused. The second factor stays."),
            lambda: services.decide_factor_reset(person=who, by=me, today=today, granted=False),
        ),
    }
    if request.POST.get("act") in acts:
        done, act = acts[request.POST["act"]]
        said(request, done, act)
    return redirect("roster:account", who.public_id)


def _paper(request: HttpRequest, slips: list[Slip], title: str) -> HttpResponse:
    address = settings.BASE_URL + reverse("first_code")
    strips = [
        (slip, segno.make(f"{address}#{slip.code}", error="m", micro=False).svg_data_uri(border=2))
        for slip in slips
    ]
    return render(request, "roster/sheet.html", {"strips": strips, "address": address, "title": title})
