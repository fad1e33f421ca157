"""Pictures of marks, drawn on the server, and the words beside them."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..gain import HIGH, LOW
from ..records import GainLine

register = template.Library()

WIDE, TALL, FOOT = 100, 44, 8


@register.simple_tag
def marks_picture(bins: Sequence[int], pass_mark: int | None = None) -> SafeString:
    """How many attempts have which mark, by tens, with the pass mark as a rule. Counts from nought."""
    most = max(bins, default=0) or 1
    step = WIDE / len(bins)
    room = TALL - FOOT - 6
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" class="marks__bar{}"/>'
        '<text x="{}" y="{}" class="marks__count">{}</text>',
        (
            (
                f"{n * step + 0.6:.2f}",
                f"{TALL - FOOT - room * count / most:.2f}",
                f"{step - 1.2:.2f}",
                f"{room * count / most:.2f}",
                "" if pass_mark is None or 100 * (n + 1) / len(bins) <= pass_mark else " marks__bar--passed",
                f"{(n + 0.5) * step:.2f}",
                f"{TALL - FOOT - room * count / most - 1:.2f}",
                count or "",
            )
            for n, count in enumerate(bins)
        ),
    )
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" class="marks__tick">{}</text>',
        ((f"{value}", f"{TALL - 2}", value) for value in (0, 20, 40, 60, 80, 100)),
    )
    rule = (
        format_html('<line x1="{0}" x2="{0}" y1="2" y2="{1}" class="marks__rule"/>', pass_mark, TALL - FOOT)
        if pass_mark is not None
        else ""
    )
    return format_html(
        '<svg class="marks" viewBox="-3 0 106 {}" role="img" aria-label="{}">{}'
        '<line x1="0" x2="{}" y1="{}" y2="{}" class="marks__axis"/>{}{}</svg>',
        TALL,
        _("Attempts by mark in per cent"),
        bars,
        WIDE,
        TALL - FOOT,
        TALL - FOOT,
        rule,
        ticks,
    )


@register.simple_tag
def share_bar(percent: int, kind: str = "") -> SafeString:
    """A share from nought to a hundred as a bar; the number stands beside it in the text."""
    return format_html(
        '<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="100" height="8" class="share__ground"/>'
        '<rect width="{}" height="8" class="share__bar{}"/></svg>',
        percent,
        f" share__bar--{kind}" if kind else "",
    )


_WAY = (
    '<li><span class="gain__name">{name}</span>'
    '<svg viewBox="-14 0 328 30" class="gain__way" role="img" aria-label="{said}">'
    '<line x1="0" x2="300" y1="20" y2="20" class="marks__axis"/>'
    '<line x1="{a}" x2="{b}" y1="20" y2="20" class="gain__line"/>'
    '<circle cx="{a}" cy="20" r="5" class="gain__before"/>'
    '<circle cx="{b}" cy="20" r="6" class="gain__after"/>'
    '<text x="{at}" y="10" class="gain__value" text-anchor="{anchor}">{before}</text>'
    '<text x="{bt}" y="10" class="gain__value" text-anchor="{other}">{after}</text></svg></li>'
)


@register.simple_tag
def gain_picture(lines: Sequence[GainLine]) -> SafeString:
    """Each line's way from before to after on one scale from nought to a hundred, labelled at its ends."""
    rows = format_html_join("", _WAY, (_row(line) for line in lines))
    return format_html('<ol class="gain__rows">{}</ol>', rows)


def _row(line: GainLine) -> dict[str, str]:
    before, after = round(line.before), round(line.after)
    rises = line.after >= line.before
    return {
        "name": f"{line.number}. {line.name}" if line.number else _("The whole test"),
        "said": _("from {before} % to {after} %").format(before=before, after=after),
        "a": f"{3 * line.before:.1f}",
        "b": f"{3 * line.after:.1f}",
        "at": f"{3 * line.before + (2 if rises else -2):.1f}",
        "bt": f"{3 * line.after + (-2 if rises else 2):.1f}",
        "anchor": "end" if rises else "start",
        "other": "start" if rises else "end",
        "before": str(before),
        "after": str(after),
    }


@register.filter
def gain_word(gain: float | None) -> str:
    """Hake's gain in words, after his own steps."""
    if gain is None:
        return _("nothing was left to gain")
    if gain < 0:
        return _("less is known afterwards")
    if gain < LOW:
        return _("little gained")
    return _("much gained") if gain >= HIGH else _("a fair share gained")


@register.filter
def doubt_word(code: str) -> str:
    """What to look at, in three words."""
    return {
        "negative": _("the key may be wrong"),
        "rival": _("the strongest choose another option"),
        "hard": _("very hard"),
        "weak": _("hardly tells who knows more"),
        "easy": _("nearly everybody gets it right"),
        "idle": _("an option that hardly anybody chooses"),
        "few": _("too few answers to say"),
    }[code]


@register.filter
def doubt_kind(code: str) -> str:
    """The colour of that word."""
    return {"negative": "bad", "rival": "bad", "hard": "soon", "weak": "soon"}.get(code, "")


@register.filter
def option_text(text: str) -> str:
    """The text of an option; of true and false their words."""
    return {"true": _("True"), "false": _("False")}.get(text, text)


@register.filter
def trust_word(alpha: float | None) -> str:
    """Cronbach's alpha in words, after George & Mallery's steps."""
    if alpha is None:
        return _("cannot be said yet")
    if alpha >= 0.8:
        return _("good")
    if alpha >= 0.7:
        return _("acceptable")
    if alpha >= 0.5:
        return _("weak: do not decide much by it")
    return _("poor: chance decides as much as knowledge")
