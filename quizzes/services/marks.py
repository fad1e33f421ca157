"""The worth of an attempt by the keys and rulings of this moment."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from ..enums import Decision, HandState
from ..marking import needs_a_person
from ..models import AttemptItem, HandMarking, KeyCorrection, MarkChange
from ..rulings import Ruling, Worth, earned, worth


def rulings_on(versions: Iterable[int]) -> dict[int, Ruling]:
    """The ruling that holds about each of these versions of questions: the last approved. One query."""
    rows = KeyCorrection.objects.filter(version__in=list(versions), decision=Decision.APPROVED)
    return {
        version: Ruling(kind, body)
        for version, kind, body in rows.order_by("decided_at", "pk").values_list(
            "version_id", "ruling", "body"
        )
    }


def changes_of(items: Iterable[int]) -> dict[int, Fraction]:
    """What people gave single answers, by item: the last approved. One query."""
    rows = MarkChange.objects.filter(item__in=list(items), decision=Decision.APPROVED)
    return {
        item: Fraction(numerator, denominator)
        for item, numerator, denominator in rows.order_by("decided_at", "pk").values_list(
            "item_id", "numerator", "denominator"
        )
    }


def hand_points(items: Sequence[AttemptItem]) -> dict[int, Fraction]:
    """What persons gave these items by the rubric, by item. One query where any is marked so, else none."""
    marked = [item.pk for item in items if needs_a_person(item.question.kind, item.question.body)]
    if not marked:
        return {}
    rows = HandMarking.objects.filter(item__in=marked, state=HandState.DONE)
    return {
        row.item_id: Fraction(row.numerator or 0, row.denominator or 1)
        for row in rows.only("item_id", "numerator", "denominator")
    }


def worth_of(
    items: Sequence[AttemptItem],
    pass_mark: int,
    *,
    rulings: Mapping[int, Ruling],
    changes: Mapping[int, Fraction] | None = None,
    by_hand: Mapping[int, Fraction] | None = None,
) -> Worth:
    """Items in their order, with their questions."""
    given, marked = changes or {}, by_hand or {}
    return worth(
        [
            earned(
                item.question.kind,
                item.question.body,
                item.answer,
                ruling=rulings.get(item.question_id),
                changed=given.get(item.pk),
                by_hand=marked.get(item.pk),
            )
            for item in items
        ],
        pass_mark,
    )
