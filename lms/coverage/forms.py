"""What the pages of coverage ask for."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .enums import About, Outcome, Source
from .records import Contestable

LONGEST = 1000


class ContestForm(forms.Form):
    """What is wrong, and what is right."""

    fact = forms.ChoiceField(label=_("Which of these is wrong?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What is wrong, and what is right"),
        help_text=_(
            "For example: the class of 15–16 September is missing, certificate no. 12; or: the decision says "
            "June, not August. Name nobody whom you advise."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, facts: Sequence[Contestable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {
            About.RECORD: _("My name and day of birth"),
            About.POSTING: _("My posts"),
            About.ABSENCE: _("My absences"),
            About.EVIDENCE: _("My training"),
        }
        groups: list[Any] = [
            (title, [(fact.key, fact.words) for fact in facts if fact.about == about])
            for about, title in titles.items()
        ]
        self.fields["fact"].choices = [  # type: ignore[attr-defined]
            (About.MISSING.value, _("Something is missing: a class, a certificate, a post")),
            *((title, choices) for title, choices in groups if choices),
        ]


class AnswerForm(forms.Form):
    """The manager's answer."""

    outcome = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            ("corrected", _("The record was wrong, and is corrected now")),
            ("confirmed", _("The record is right and stays as it is")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("In words, to the person"),
        help_text=_("What was corrected, or by which paper the record is right."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DayField(forms.DateField):
    """A day, by the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RevokeForm(forms.Form):
    """A training that must no longer count."""

    on = DayField(label=_("From this day on it no longer counts"))
    reason = forms.CharField(label=_("Why"), max_length=300)


class DeclareForm(forms.Form):
    """A training elsewhere that was not recorded; it counts once a second person approves it."""

    course = forms.ChoiceField(label=_("Course"))
    source = forms.ChoiceField(
        label=_("Where"), choices=[(Source.CLASS, _("class")), (Source.EXTERNAL, _("outside record"))]
    )
    completed_on = DayField(label=_("Finished on"))
    outcome = forms.ChoiceField(label=pgettext_lazy("of a training", "Result"), choices=Outcome.choices)
    reference = forms.CharField(
        label=_("Number of the certificate or decision"), max_length=120, required=False
    )

    def __init__(self, *args: Any, courses: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = list(courses)  # type: ignore[attr-defined]
