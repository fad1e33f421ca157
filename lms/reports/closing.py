"""What a closed report freezes, its SHA-256, and what differs between two of them: no database, no Django."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from lms.kernel.commitments import canonical

FORMAT = "vung/closed-report/1"
Document = Mapping[str, Any]
Entries = Mapping[str, Sequence[Mapping[str, Any]]]
"""By officer code: the ledger's entries, as {number, type}, that concern somebody."""


def document(
    *,
    name: str,
    figures: Mapping[str, Any],
    target: Mapping[str, Any],
    people: Sequence[Mapping[str, Any]],
    restates: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything that is frozen. `figures` is what `manage.py coverage --children` prints."""
    return {
        "format": FORMAT,
        "name": name,
        "target": dict(target),
        "unit": figures["unit"],
        "on": figures["on"],
        "known_at": figures["ledger"],
        "figures": dict(figures),
        "people": [dict(person) for person in people],
        "restates": dict(restates) if restates else None,
    }


def digest(content: Document) -> str:
    """SHA-256 over the canonical JSON (RFC 8785), hexadecimal."""
    return sha256(canonical(content)).hexdigest()


def restating(
    before: Document, after: Document, *, sha256: str, number: int, reason: str, entries: Entries
) -> dict[str, Any]:
    """What a restatement says of the report it replaces: which figures and people changed, by what, why."""
    figures = [
        {"field": path, "before": old, "after": new}
        for path, old, new in _differing(_compared(before), _compared(after), "")
    ]
    was, now = _by_code(before), _by_code(after)
    people = [
        {
            "person": code,
            "before": was.get(code),
            "after": now.get(code),
            "entries": list(entries.get(code, ())),
        }
        for code in sorted(was.keys() | now.keys())
        if was.get(code) != now.get(code)
    ]
    return {
        "replaces": sha256,
        "number": number,
        "reason": reason,
        "figures": figures,
        "people": people,
    }


def changed_people(before: Document, after: Document) -> list[str]:
    """The codes of everybody who stands otherwise than before, or by other evidence."""
    was, now = _by_code(before), _by_code(after)
    return sorted(code for code in was.keys() | now.keys() if was.get(code) != now.get(code))


_INTEGER = 2**53 - 1
"""The greatest number that JSON keeps exactly."""


def is_text(value: Any) -> bool:
    """A text as databases take it."""
    return isinstance(value, str) and "\x00" not in value


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _INTEGER


def misshapen(content: Any) -> list[str]:
    """Where a document has not the form of one, with what should stand there, one line each."""
    target = content.get("target")
    restates = content.get("restates")
    asked = {
        "target": (isinstance(target, Mapping), "an object"),
        "unit": (is_text(content.get("unit")), "a unit's code"),
        "on": (_is_day(content.get("on")), "a day as YYYY-MM-DD"),
        "known_at": (_is_number(content.get("known_at")), "a ledger size"),
        "name": (is_text(content.get("name")), "a text"),
        "figures": (isinstance(content.get("figures"), Mapping), "an object"),
        "people": (isinstance(content.get("people"), list), "a list"),
        "restates": (restates is None or isinstance(restates, Mapping), "nothing, or an object"),
    }
    if isinstance(target, Mapping):
        asked["target.code"] = (is_text(target.get("code")), "a target's code")
        asked["target.version"] = (_is_number(target.get("version")), "a number")
    if isinstance(restates, Mapping):
        asked["restates.replaces"] = (is_text(restates.get("replaces")), "a SHA-256")
        asked["restates.reason"] = (is_text(restates.get("reason")), "a text")
    lines = [f"data.{place}: {what} must stand here" for place, (right, what) in asked.items() if not right]
    if not lines:
        try:
            canonical(content)
        except (ValueError, RecursionError):
            lines.append("data: holds a number or text that JSON does not keep exactly")
    return [*lines, "Export the report again with export_report, and check that file."] if lines else []


def differences(stated: Document, found: Document) -> list[str]:
    """What a file says and the facts do not, one line each; empty where they are the same."""
    lines = [
        f"{path}: {short(old)} → {short(new)}"
        for path, old, new in _differing(_without_people(stated), _without_people(found), "")
    ]
    was, now = _by_code(stated), _by_code(found)
    lines += [
        f"people.{code}: {short(was.get(code))} → {short(now.get(code))}"
        for code in changed_people(stated, found)
    ]
    if not lines and canonical(stated) != canonical(found):
        lines.append("people: order or repetition")
    return lines


def _differing(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """(path, old, new) of every leaf that is not the same; children are named by their unit."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted(old.keys() | new.keys(), key=str):
            yield from _differing(old.get(name), new.get(name), f"{path}.{name}" if path else str(name))
    elif _are_units(old) and _are_units(new):
        yield from _differing({f["unit"]: f for f in old}, {f["unit"]: f for f in new}, path)
    elif old != new or type(old) is not type(new):
        yield path, old, new


def _are_units(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, Mapping) and isinstance(one.get("unit"), str) for one in value
    )


def _compared(content: Document) -> dict[str, Any]:
    """Figures, without the moment at which they were known."""
    figures = dict(content["figures"])
    figures["children"] = [{**child, "ledger": None} for child in figures["children"]]
    return {**figures, "ledger": None}


def _without_people(content: Document) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "people"}


def _by_code(content: Document) -> dict[str, Any]:
    people = content.get("people")
    if not isinstance(people, list):
        return {}
    return {str(one.get("person", one.get("unit"))): one for one in people if isinstance(one, Mapping)}


def short(value: Any) -> str:
    """A value as a line of differences shows it."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True) if value is not None else "–"
    return text if len(text) <= 200 else text[:199] + "…"
