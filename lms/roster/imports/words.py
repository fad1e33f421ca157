"""An import's outcome in words, for whoever started it."""

from django.utils.translation import gettext as _

from .outcome import Kind, Outcome

_MARKS = {Kind.IN: "+", Kind.MOVED: "→", Kind.OUT: "−", Kind.CORRECTED: "~"}


def told(outcome: Outcome, *, dry_run: bool) -> str:
    """The first changes one a line, remarks, and what remains unsaid."""
    lines = []
    if dry_run:
        lines += [f"{_MARKS[c.kind]} {c.code} {c.name}: {c.detail}" for c in outcome.changes]
        if more := sum(outcome.kinds.values()) - len(outcome.changes):
            lines.append(_("… and {count} more changes").format(count=more))
    lines += outcome.notes
    if more := outcome.note_count - len(outcome.notes):
        lines.append(_("… and {count} more remarks").format(count=more))
    lines.append(
        _("Nothing was written: this was a trial run.") if dry_run else _("Written in one transaction.")
    )
    return "\n".join(lines)
