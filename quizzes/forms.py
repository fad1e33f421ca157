"""What a trainer types about keys, marks and appeals; what a learner asks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.kernel.folding import clean_text

from .enums import AppealOutcome, RulingKind
from .models import QuestionVersion
from .rubrics import RubricLine, points_typed
from .rulings import TICKED, keys_of, with_keys
from .services.rulings import keyed_now


class ReasonField(forms.CharField):
    """Why: one clean line, never empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Reason"),
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 2}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        return clean_text(super().clean(value))


class PointsField(forms.CharField):
    """Points of one answer, from 0 to 1, as people write them: «1», «0,5», «2/3». Nothing is computed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Points"), max_length=12, help_text=_("From 0 to 1: 0, 0.5, 2/3 or 1."), **kwargs
        )

    def clean(self, value: Any) -> Any:
        return read_points(super().clean(value))


def read_points(text: str) -> Fraction:
    """ValidationError where the text is not a number from 0 to 1: a formula, a sign, more than there is."""
    plain = text.strip().replace(",", ".")
    above, line, below = plain.partition("/")
    try:
        if line:
            if not (above.isascii() and above.isdecimal() and below.isascii() and below.isdecimal()):
                raise ValueError(text)
            points = Fraction(int(above), int(below))
        else:
            if not plain or set(plain) - set("0123456789."):
                raise ValueError(text)
            points = Fraction(Decimal(plain))
    except (ValueError, ArithmeticError) as error:
        raise forms.ValidationError(gettext("“{text}” is no number of points.").format(text=text)) from error
    if not 0 <= points <= 1 or points.denominator > 1000:
        raise forms.ValidationError(
            gettext("An answer is worth from 0 to 1 point, such as 0, 0.5, 2/3 or 1.")
        )
    return points


class CorrectionForm(forms.Form):
    """How the answers to a question shall count; with its options to tick, where it has some."""

    ruling = forms.ChoiceField(
        label=_("What shall count"), choices=RulingKind.choices, widget=forms.RadioSelect, initial="new_key"
    )
    keys = forms.MultipleChoiceField(
        label=_("The right answers"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick every option that counts as right; only needed to mark again by the right key."),
    )
    reason = ReasonField()

    def __init__(self, version: QuestionVersion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.keyed = keyed_now(version)
        if version.kind not in (*TICKED, "true_false"):
            del self.fields["keys"]
            self.fields["ruling"].choices = [  # type: ignore[attr-defined]
                choice for choice in RulingKind.choices if choice[0] != RulingKind.NEW_KEY
            ]
            self.fields["ruling"].initial = RulingKind.FULL_MARKS
            return
        body = self.keyed or version.body
        self.fields["keys"].choices = (  # type: ignore[attr-defined]
            [("true", gettext("True")), ("false", gettext("False"))]
            if version.kind == "true_false"
            else [(option["id"], option["text"]) for option in body["options"]]
        )
        self.fields["keys"].initial = sorted(keys_of(version.kind, body))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["body"] = None
        if data.get("ruling") == RulingKind.NEW_KEY and "keys" in data:
            kind, body = self.version.kind, self.version.body
            keys = frozenset(data["keys"])
            # after «everybody gets the point» the old key may come back
            data["body"] = (
                dict(body)
                if self.keyed != body and keys == keys_of(kind, body)
                else with_keys(kind, body, keys)
            )
            if data["body"] is None:
                self.add_error("keys", gettext("This is no key, or it is the key that the question had."))
        return data


class AppealForm(forms.Form):
    """Which question, and what is wrong with its mark."""

    position = forms.TypedChoiceField(label=_("Question"), coerce=int)
    text = forms.CharField(
        label=_("What is wrong, and why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A law and its article help, if you know them."),
    )

    def __init__(self, positions: list[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = [  # type: ignore[attr-defined]
            (n, gettext("Question {position}").format(position=n)) for n in positions
        ]


class AnswerForm(forms.Form):
    """What the trainer says to an appeal."""

    outcome = forms.ChoiceField(
        label=_("Decision"), choices=AppealOutcome.choices, widget=forms.RadioSelect, initial="stands"
    )
    answer = forms.CharField(
        label=_("Answer to the learner"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class MarkChangeForm(forms.Form):
    """What one answer shall be worth."""

    position = forms.TypedChoiceField(label=_("Question"), coerce=int)
    points = PointsField()
    reason = ReasonField()

    def __init__(self, positions: list[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = [  # type: ignore[attr-defined]
            (n, gettext("Question {position}").format(position=n)) for n in positions
        ]


class MarksFileForm(forms.Form):
    """A file of marks to change."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or Excel, at most 2,000 lines."), allow_empty_file=True
    )


class MoreTimeForm(forms.Form):
    """Who needs more time, how much, and why."""

    person = forms.CharField(label=_("Officer code"), max_length=32)
    extra_percent = forms.IntegerField(
        label=_("More time, in per cent"),
        min_value=1,
        max_value=200,
        initial=25,
        help_text=_("25 makes 40 minutes 50."),
    )
    reason = ReasonField()


class RubricForm(forms.Form):
    """Points for every line of a rubric, and a word to the learner."""

    remark = forms.CharField(
        label=_("A word to the learner"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was good, and what to do otherwise. It stands on the page of the result."),
    )

    def __init__(self, rubric: Sequence[RubricLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        for line in rubric:
            self.fields[f"points-{line.id}"] = forms.CharField(
                label=line.text or gettext("The answer as a whole"),
                max_length=8,
                help_text=gettext("From 0 to {most}.").format(most=localize(line.most)),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6}),
            )
        self.order_fields([*(f"points-{line.id}" for line in rubric), "remark"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.rubric:
            name = f"points-{line.id}"
            if name in data:
                data[name] = points_typed(data[name], line.most)
                if data[name] is None:
                    self.add_error(
                        name,
                        gettext("A number from 0 to {most}, such as 1.5.").format(most=localize(line.most)),
                    )
        return data

    def given(self) -> dict[str, Decimal]:
        """Points by the id of the line."""
        return {line.id: self.cleaned_data[f"points-{line.id}"] for line in self.rubric}
