"""The statements about people, each with what its rows are."""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from collections.abc import Iterable
from dataclasses import dataclass

from .moments import Statement, among, listed, yes
from .standings import Standings


@dataclass(frozen=True, slots=True)
class People(Standings):
    """Whose figure: which units' people, by a rule, at a moment."""

    def grouped(self) -> Statement:
        """(place, people, attendances), in as many rows as there are different places.

        `place` is what `rollup.standing_at` takes apart: 128 times the unit, or two units in one number, plus
        the standing; for anybody else with several units their person's id with a minus in place of the unit.
        """
        # SQLite would sort whole rows instead of their places, were the inner statement not kept apart.
        apart = " LIMIT -1" if self.vendor == "sqlite" else ""
        return Statement(
            f"{self._with()}SELECT s.place, count(*), sum(s.attendances) FROM "
            f"(SELECT {self._place()} AS place, coalesce(e.attendances, 0) AS attendances "
            f"FROM {self._standings()}{apart}) s GROUP BY s.place",
            self._params(),
        )

    def one_by_one(self) -> Statement:
        """(person, place, attendances), one row a person."""
        return Statement(
            f"{self._with()}SELECT q.person_id, {self._place()}, "
            f"coalesce(e.attendances, 0) FROM {self._standings()}",
            self._params(),
        )

    def posts(self, people: Iterable[int]) -> Statement:
        """(person, unit, settled there) for every unit in which these people are in the population."""
        return Statement(
            f"{self._with()}SELECT p.person_id, p.unit_id, max({yes('p.since <= %(settled)s')}) "
            f"FROM {self._posting()} AND {among('p.person_id', 'people', self.vendor)} "
            "GROUP BY p.person_id, p.unit_id",
            {**self._params(), "people": listed(people, self.vendor)},
        )

    def counted_up_to(self, most: int) -> Statement:
        """(how many posts bring somebody into the population), counted no further than this."""
        posts = f"SELECT 1 FROM {self._posting()} LIMIT {int(most)}"
        return Statement(f"{self._with()}SELECT count(*) FROM ({posts}) found", self._params())

    def proofs(self) -> Statement:
        """(person, course, source, completed_on, outcome, status, level, hours, valid_until, revoked_on,
        reference, number) of all evidence that could count, by person."""
        return Statement(
            f"{self._with()}SELECT e.person_id, e.course_id, e.source, e.completed_on, e.outcome, e.status, "
            f"e.level, e.hours, e.valid_until, e.revoked_on, e.reference, e.recorded FROM {self._possible()} "
            "ORDER BY e.person_id, e.recorded",
            self._params(),
        )

    def tellings(self) -> Statement:
        """(number, completed_on, time) of all evidence that could count: when its day was first stated."""
        first = (
            "SELECT min(n.time) FROM coverage_evidence f JOIN kernel_ledgerentry n ON n.number = f.recorded "
            "WHERE f.chain = e.chain AND f.completed_on = e.completed_on"
        )
        return Statement(
            f"{self._with()}SELECT e.recorded, e.completed_on, ({first}) FROM {self._possible()}",
            self._params(),
        )

    def absences(self) -> Statement:
        """(person, reason, since, until, number) of the absences that take people out (step 5)."""
        return Statement(
            f"{self._with()}SELECT a.person_id, a.reason, a.since, a.until, a.recorded "
            f"FROM {self._taken_out()} ORDER BY a.recorded",
            self._params(),
        )

    def beginnings(self) -> Statement:
        """(person, first day of the earliest post) of everybody in the population or new to it."""
        return Statement(
            f"{self._with()}SELECT p.person_id, min(p.since) FROM {self._posting()} GROUP BY p.person_id",
            self._params(),
        )

    def first_days_of_this_work(self) -> Statement:
        """(person, first day of the earliest post ever, anywhere, with an audience of the rule)."""
        earlier = self._rows("roster_posting", "x", "(x.audience_mask & %(audience)s) <> 0")
        return Statement(
            f"{self._with()}SELECT x.person_id, min(x.since) FROM {earlier} AND x.person_id IN "
            f"(SELECT p.person_id FROM {self._posting()}) GROUP BY x.person_id",
            self._params(),
        )
