"""How each person stands, packed into one number with their place (COVERAGE.md §3, step 8)."""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from dataclasses import dataclass

from ..rollup import AWAY, SETTLED, SOURCE, STANDINGS, STATE, UNITS
from ..rules import SOURCES, STATES, State
from .moments import covers
from .training import EXPIRED, PENDING, Training, weight

assert SOURCE == 1


def _packed(state: State) -> int:
    return STATES.index(state) * STATE


@dataclass(frozen=True, slots=True)
class Standings(Training):
    """The population beside its training, absences and progress."""

    def _standings(self) -> str:
        sql = f"({self._population()}) q LEFT JOIN ({self._training()}) e ON e.person_id = q.person_id"
        sql += f" LEFT JOIN ({self._underway()}) u ON u.person_id = q.person_id"
        if self.rule.excluded_reasons:
            sql += f" LEFT JOIN ({self._away()}) a ON a.person_id = q.person_id"
        return sql

    def _place(self) -> str:
        where = (
            "CASE WHEN q.unit = q.other THEN q.unit WHEN q.posts = 2 AND q.settled = q.settled_everywhere "
            f"THEN q.other * {UNITS} + q.unit ELSE -q.person_id END"
        )
        return f"{where} * {STANDINGS} + {self._standing()}"

    def _standing(self) -> str:
        """How somebody stands, packed as `rollup` unpacks it (step 8)."""
        away = "CASE WHEN a.person_id IS NULL THEN 0 ELSE 1 END" if self.rule.excluded_reasons else "0"
        trained, pending, expired, partly = (
            (f"e.latest > {PENDING}", f"e.latest = {PENDING}", f"e.latest = {EXPIRED}", "")
            if self.rule.course_rule == "any"
            else ("e.trained = 1", "e.pending = 1", "e.expired = 1", "e.partly = 1 OR ")
        )
        state = (
            f"CASE WHEN {trained} THEN {_packed('trained')} + {self._source_of_latest()} "
            f"WHEN {pending} THEN {_packed('pending')} WHEN {expired} THEN {_packed('expired')} "
            f"WHEN {partly}u.person_id IS NOT NULL THEN {_packed('in_progress')} "
            f"ELSE {_packed('not_started')} END"
        )
        return f"(q.settled * {SETTLED} + {away} * {AWAY} + {state})"

    def _source_of_latest(self) -> str:
        """Its source's place in SOURCES, counted from 1."""
        rank = "substr(e.latest, 11)" if self.vendor == "sqlite" else "e.latest %% 4"
        quote = "'" if self.vendor == "sqlite" else ""
        places = " ".join(
            f"WHEN {quote}{weight(source)}{quote} THEN {place}"
            for place, source in enumerate(SOURCES, start=1)
        )
        return f"CASE {rank} {places} ELSE 0 END"

    def _away(self) -> str:
        """Who is on an approved absence that takes a person out (step 5)."""
        return f"SELECT DISTINCT a.person_id FROM {self._taken_out()}"

    def _underway(self) -> str:
        """Who is in the middle of one of the courses."""
        where = f"{covers('w')} AND w.course_id IN ({self._course_list()})"
        return f"SELECT DISTINCT w.person_id FROM {self._rows('coverage_progress', 'w', where)}"
