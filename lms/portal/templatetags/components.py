"""Tags that every template has at hand: icons, pictures of data, words for dates."""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

STATES = ("trained", "pending", "in_progress", "expired", "not_started")
"""The order in which every picture shows people's states."""


@cache
def _icon(name: str) -> SafeString:
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise template.TemplateSyntaxError(f"{name!r} is no icon")
    path = Path(settings.ROOT) / "templates" / "components" / "icons" / f"{name}.svg"
    if not path.exists():
        raise template.TemplateSyntaxError(f"there is no icon {name!r} in templates/components/icons")
    return mark_safe(path.read_text().strip())  # noqa: S308 - our own files


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon of the size of the text beside it; decoration only, so a word must stand with it."""
    return _icon(name)


@register.filter
def days_left(day: date | None) -> str:
    """«còn 22 ngày», «hôm nay», «quá hạn 3 ngày»: how far `day` is from today."""
    if day is None:
        return ""
    left = (day - timezone.localdate()).days
    if left == 0:
        return _("today")
    if left > 0:
        return ngettext("%(count)d day left", "%(count)d days left", left) % {"count": left}
    return ngettext("%(count)d day overdue", "%(count)d days overdue", -left) % {"count": -left}


@register.filter
def percent(value: Fraction | float | None) -> str:
    """«80,0 %», rounded down to one decimal; «–» where there is nobody to count."""
    if value is None:
        return "–"
    tenths = int(Fraction(value) * 10)
    return f"{formats.number_format(tenths / 10, 1)} %"


@register.simple_tag
def states_bar(
    counts: Mapping[str, int], small: bool = False, rule: float | None = None, of: str = "people"
) -> SafeString:
    """People by state as one bar from nought to all; `rule` marks the target in per cent."""
    total = sum(counts.get(state, 0) for state in STATES)
    left = 0.0
    parts = []
    for state in STATES:
        width = 100 * counts.get(state, 0) / total if total else 0
        if width:
            parts.append((f"{left:.3f}", f"{width:.3f}", state))
        left += width
    bars = format_html_join("", '<rect x="{}" y="0" width="{}" height="10" class="state--{}"/>', parts)
    mark = (
        format_html(
            '<line x1="{0}" x2="{0}" y1="0" y2="10" class="state-rule" vector-effect="non-scaling-stroke"/>',
            rule,
        )
        if rule is not None
        else ""
    )
    return format_html(
        '<svg class="states{}" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        "{}{}</svg>",
        " states--small" if small else "",
        _counts_in_words(counts, of) or _("nobody in scope"),
        bars,
        mark,
    )


ONE_BY_ONE = 40
"""Below so many people, each is a dot."""
IN_A_ROW = 13


@register.simple_tag
def unit_picture(counts: Mapping[str, int], rule: float | None = None, of: str = "people") -> SafeString:
    """A dot for each person where they are few, in the order of states; else the bar."""
    states_ = [state for state in STATES for _one in range(counts.get(state, 0))]
    if not 0 < len(states_) < ONE_BY_ONE:
        return states_bar(counts, small=True, rule=rule, of=of)
    rows = -(-len(states_) // IN_A_ROW)
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="4" class="state--{}"/>',
        (
            (5 + 10 * (place % IN_A_ROW), 5 + 10 * (place // IN_A_ROW), state)
            for place, state in enumerate(states_)
        ),
    )
    return format_html(
        '<svg class="dots" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        10 * IN_A_ROW,
        10 * rows,
        _counts_in_words(counts, of),
        dots,
    )


def _counts_in_words(counts: Mapping[str, int], of: str) -> str:
    return ", ".join(
        f"{state_word(state, of)}: {counts.get(state, 0)}" for state in STATES if counts.get(state, 0)
    )


@register.filter
def state_word(state: str, of: str = "people") -> str:
    """A state of people, or of units."""
    if of == "units":
        return {
            "trained": _("activity held"),
            "pending": _("waiting for approval"),
            "in_progress": _("held in part"),
            "expired": _("held, out of the period"),
            "not_started": _("nothing held"),
        }[state]
    return {
        "trained": _("trained"),
        "pending": _("waiting for approval"),
        "in_progress": _("in progress"),
        "expired": _("expired"),
        "not_started": _("not started"),
    }[state]


@register.filter
def list_word(name: str, of: str = "people") -> str:
    """A list of a figure: a state, the excluded, or those in grace."""
    others = {"excluded": _("excused"), "in_grace": _("newly posted")}
    return others[name] if name in others else state_word(name, of)


@register.inclusion_tag("components/legend.html")
def states_legend(counts: Mapping[str, int], of: str = "people", opens: str = "") -> dict[str, object]:
    """The numbers behind `states_bar`, in its order and colours; `opens` is a list that takes a state."""
    return {"counts": counts, "states": STATES, "of": of, "opens": opens}


@register.filter
def decimal_comma(value: str | None) -> str:
    """«80.0» as the page's language writes it."""
    return "–" if value is None else formats.number_format(value, 1)


@register.filter
def get_item(mapping: Mapping[str, object], key: str) -> object:
    """A value by a key that only the template knows."""
    return mapping.get(key)
