"""How a trainer settles a quiz: its rules, and the parts with what each draws. Works without script."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.kernel.folding import clean_text

from .blueprint import Label, Rule, Section, Sections, Supply, supplies
from .enums import Access, Afterwards, Feedback, Passage, ReviewPolicy, Shuffle
from .models import Bank, Quiz
from .records import QuizRules

MOST_SECTIONS = 12
MOST_RULES = 12
MOST_DRAWN = 200
MOST_MINUTES = 600


class NewQuizForm(forms.Form):
    """A quiz that nobody has yet."""

    code = forms.RegexField(
        r"^[A-Z0-9][A-Z0-9.-]*$",
        label=_("Code"),
        max_length=64,
        help_text=_("Short and for good, such as KT-01: capital letters, digits, hyphens."),
    )
    bank = forms.ModelChoiceField(Bank.objects.none(), label=_("Question bank"), to_field_name="code")

    def __init__(self, *args: Any, banks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks.order_by("code")  # type: ignore[attr-defined]
        self.fields["bank"].label_from_instance = lambda bank: f"{bank.code} · {bank.title}"  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Quiz.objects.filter(code=code).exists():
            raise forms.ValidationError(gettext("There is a quiz of this code already."))
        return code


class MomentField(forms.SplitDateTimeField):
    """A day and an hour, as the browser's own pickers give them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.SplitDateTimeWidget(
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )
        for part, name in zip(widget.widgets, (_("day"), _("hour")), strict=True):
            part.attrs["aria-label"] = name
        super().__init__(
            required=False,
            widget=widget,
            input_date_formats=["%Y-%m-%d", "%d/%m/%Y"],
            input_time_formats=["%H:%M"],
            **kwargs,
        )


class RulesForm(forms.Form):
    """What holds for the quiz as a whole."""

    title = forms.CharField(label=_("Title of the quiz"), max_length=255, help_text=_("As learners read it."))
    objectives = forms.CharField(
        label=_("Objectives"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A line each, the first is objective 1. After the test it says which to look at again."),
    )
    practice = forms.BooleanField(
        label=_("For practice: without a mark, as often as one likes; it finishes nothing"), required=False
    )
    pass_mark = forms.IntegerField(
        label=_("Pass mark, in per cent"),
        min_value=0,
        max_value=100,
        initial=80,
        help_text=_("80 is usual. 0: nobody passes or fails, a try before learning."),
    )
    minutes = forms.IntegerField(
        label=_("Time limit, in minutes"),
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        help_text=_("Empty: no limit. One to two minutes a question is usual."),
    )
    attempts = forms.IntegerField(
        label=_("Attempts"), min_value=1, max_value=20, initial=3, help_text=_("How often it may be taken.")
    )
    wait_hours = forms.IntegerField(
        label=_("Waiting time between two attempts, in hours"),
        min_value=0,
        max_value=24 * 30,
        initial=0,
        help_text=_("0: at once. 24 leaves a night to learn again."),
    )
    opens_at = MomentField(label=_("Opens"), help_text=_("Empty: as soon as the course is published."))
    closes_at = MomentField(label=_("Closes"), help_text=_("Empty: never. Open attempts end then."))
    shuffle = forms.ChoiceField(
        label=_("What is mixed"),
        choices=Shuffle.choices,
        initial=Shuffle.ALL,
        help_text=_("«All of the above» asks for options that stay as written."),
    )
    passage = forms.ChoiceField(
        label=_("How one goes through it"), choices=Passage.choices, initial=Passage.FREE
    )
    feedback = forms.ChoiceField(
        label=_("What is told about each answer"), choices=Feedback.choices, initial=Feedback.EXPLAINED
    )
    review = forms.ChoiceField(
        label=_("When it is told"),
        choices=ReviewPolicy.choices,
        initial=ReviewPolicy.AFTER_PASS,
        help_text=_("«Never» tells the mark alone."),
    )
    afterwards = forms.ChoiceField(
        label=_("Once the quiz has closed, one may look at"),
        choices=Afterwards.choices,
        initial=Afterwards.SAME,
    )
    access = forms.ChoiceField(label=_("Who may take it"), choices=Access.choices, initial=Access.LEARNERS)
    pretest = forms.ModelChoiceField(
        Quiz.objects.none(),
        label=_("The try before learning that belongs to it"),
        to_field_name="code",
        required=False,
        empty_label=_("none"),
        help_text=_("Both ask about the same; the two together say what was gained."),
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pretest"].queryset = others.order_by("code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", gettext("It closes before it opens."))
        nothing_counts = data.get("practice") or data.get("pass_mark") == 0
        if data.get("review") == ReviewPolicy.AT_ONCE and not nothing_counts:
            self.add_error(
                "review",
                gettext("In a test that counts, keys come out after the attempt at the earliest."),
            )
        after_window = data.get("review") == ReviewPolicy.AFTER_WINDOW
        if (after_window or data.get("afterwards", "same") != Afterwards.SAME) and not closes:
            self.add_error("closes_at", gettext("Say when it closes: something is told only then."))
        if data.get("review") == ReviewPolicy.AFTER_PASS and data.get("practice"):
            self.add_error("review", gettext("Nobody passes practice: tell after each answer or attempt."))
        return data

    def rules(self, sections: Sections) -> QuizRules:
        given = {name: value for name, value in self.cleaned_data.items() if name != "pretest"}
        lines = given.pop("objectives").splitlines()
        return QuizRules(
            **given, sections=sections, objectives=tuple(line for one in lines if (line := clean_text(one)))
        )


def initial_of(rules: QuizRules, quiz: Quiz) -> dict[str, Any]:
    """A form filled with what holds now."""
    names = [name for name in RulesForm.base_fields if name not in ("objectives", "pretest")]
    return {
        **{name: getattr(rules, name) for name in names},
        "objectives": "\n".join(rules.objectives),
        "pretest": quiz.pretest.code if quiz.pretest else None,
    }


class SectionForm(forms.Form):
    """A part of the test."""

    title = forms.CharField(
        label=_("Title of the part"), max_length=120, required=False, help_text=_("May stay empty.")
    )
    instruction = forms.CharField(
        label=_("Instruction, shown above its questions"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RuleForm(forms.Form):
    """A line of a part: how many questions, and which."""

    draw = forms.IntegerField(label=_("Questions"), min_value=1, max_value=MOST_DRAWN, required=False)
    objectives = forms.TypedMultipleChoiceField(
        label=_("Objectives"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    difficulties = forms.TypedMultipleChoiceField(
        label=_("Difficulties"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    tags = forms.MultipleChoiceField(label=_("Tags"), required=False, widget=forms.CheckboxSelectMultiple)

    supply: Supply | None = None

    def __init__(self, *args: Any, pool: Sequence[Label], names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        initial = self.initial or {}
        for field, held, words in (
            ("objectives", {label.objective for label in pool}, dict(enumerate(names, 1))),
            ("difficulties", {label.difficulty for label in pool}, {}),
            ("tags", {tag for label in pool for tag in label.tags}, {}),
        ):
            values = sorted(held | set(initial.get(field) or ()))
            self.fields[field].choices = [  # type: ignore[attr-defined]
                (value, f"{value} · {words[value]}" if value in words else str(value)) for value in values
            ]

    @property
    def empty(self) -> bool:
        return not self.cleaned_data.get("draw")

    @property
    def chosen(self) -> str:
        """Which questions, in words, for the line that opens the boxes."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else self.initial or {}
        said = [*map(str, data.get("objectives") or ())], [*map(str, data.get("difficulties") or ())]
        parts = [
            gettext("objective {numbers}").format(numbers=", ".join(said[0])) if said[0] else "",
            gettext("difficulty {numbers}").format(numbers=", ".join(said[1])) if said[1] else "",
            gettext("tag {tags}").format(tags=", ".join(data["tags"])) if data.get("tags") else "",
        ]
        return "; ".join(filter(None, parts)) or gettext("any question")

    @property
    def rule(self) -> Rule:
        given = self.cleaned_data
        return Rule(
            given["draw"], tuple(given["objectives"]), tuple(given["difficulties"]), tuple(given["tags"])
        )


class PartForms:
    """A part with its lines."""

    def __init__(self, number: int, form: SectionForm, rules: list[RuleForm]) -> None:
        self.number, self.form, self.rules = number, form, rules

    @property
    def section(self) -> Section:
        lines = tuple(one.rule for one in self.rules if not one.empty)
        given = self.form.cleaned_data
        return Section(lines, clean_text(given["title"]), given["instruction"].strip())


class BlueprintForm:
    """All parts of a quiz. A line without a number is left out, and a part without lines as well."""

    def __init__(
        self,
        posted: Mapping[str, Any] | None,
        sections: Sections,
        *,
        pool: Sequence[Label],
        names: Sequence[str],
        more_parts: int = 0,
        more_rules: int | None = None,
    ) -> None:
        """`more_parts`: empty parts to add; `more_rules`: the part that gets one more empty line."""
        self.posted, self.pool, self.names = posted, pool, names
        self.faults: list[str] = []
        counts = _posted_counts(posted) if posted is not None else [len(s.rules) for s in sections]
        counts = (counts or [1])[:MOST_SECTIONS]
        for _more in range(more_parts):
            counts = [*counts, 1][:MOST_SECTIONS]
        if more_rules is not None and more_rules < len(counts):
            counts[more_rules] = min(counts[more_rules] + 1, MOST_RULES)
        self.parts = [self._part(n, max(1, count), sections) for n, count in enumerate(counts)]
        self._count()

    def _part(self, number: int, count: int, sections: Sections) -> PartForms:
        section = sections[number] if number < len(sections) else Section(())
        asked = {"title": section.title, "instruction": section.instruction}
        form = SectionForm(self.posted, prefix=f"p{number}", initial=asked)
        lines = []
        for n in range(count):
            rule = section.rules[n] if n < len(section.rules) else None
            initial = (
                {
                    "draw": rule.draw,
                    "objectives": list(rule.objectives),
                    "difficulties": list(rule.difficulties),
                    "tags": list(rule.tags),
                }
                if rule
                else {}
            )
            lines.append(
                RuleForm(
                    self.posted, prefix=f"p{number}-r{n}", initial=initial, pool=self.pool, names=self.names
                )
            )
        return PartForms(number, form, lines)

    def _count(self) -> None:
        """Beside each line how many the bank holds for it."""
        for part in self.parts:
            for line in part.rules:
                if self.posted is None and line.initial:
                    values = line.initial
                elif self.posted is not None and line.is_valid() and not line.empty:
                    values = line.cleaned_data
                else:
                    continue
                rule = Rule(
                    values["draw"],
                    tuple(values["objectives"]),
                    tuple(values["difficulties"]),
                    tuple(values["tags"]),
                )
                [line.supply] = supplies(Section((rule,)), self.pool)

    def is_valid(self) -> bool:
        bound = [form for part in self.parts for form in (part.form, *part.rules)]
        fine = not any(form.errors for form in bound)
        for part in self.parts:
            for line in part.rules:
                if line.supply is not None and line.supply.short:
                    line.add_error(
                        "draw",
                        gettext("The bank holds {found} for this line.").format(found=line.supply.found),
                    )
                    fine = False
        if not fine:
            return False
        drawn = sum(section.draw for section in self.sections)
        if not drawn:
            self.faults.append(gettext("Say in at least one line how many questions are drawn."))
        if drawn > MOST_DRAWN:
            self.faults.append(gettext("At most {most} questions a test.").format(most=MOST_DRAWN))
        return not self.faults

    @property
    def sections(self) -> Sections:
        """The parts that draw something. Only once it is valid."""
        return tuple(section for part in self.parts if (section := part.section).rules)

    @property
    def thin(self) -> int:
        """Lines for which the bank holds less than three times what they draw."""
        return sum(1 for part in self.parts for line in part.rules if line.supply and line.supply.thin)


def _posted_counts(posted: Mapping[str, Any]) -> list[int]:
    """How many lines each posted part has."""
    counts: list[int] = []
    while len(counts) < MOST_SECTIONS and f"p{len(counts)}-title" in posted:
        part, lines = len(counts), 0
        while lines < MOST_RULES and f"p{part}-r{lines}-draw" in posted:
            lines += 1
        counts.append(lines)
    return counts
