"""The hand-written SQL against which the computation is measured: one target's rule, and nothing general.

As somebody would write it who knows both databases, these tables and this one rule: any of six courses,
passed since the period began, thirty days of grace, maternity leave excused. It leaves out what the product
answers besides: by which source, how fresh the lists are, merged codes, what was known earlier.

PostgreSQL cannot guess the sizes of these steps, so whoever writes such a statement by hand tells it not to
look things up one by one, and to join in the order of people: `measured` does that for the floor.
"""

from datetime import timedelta

from .measured import AUDIENCE, DAY, GRACE, PERIOD

_ON = f"'{DAY}'"
_SETTLED = f"'{DAY - timedelta(days=GRACE)}'"
_POSTS = (
    f"roster_posting p WHERE p.superseded IS NULL AND p.since <= {_ON} "
    f"AND (p.until IS NULL OR p.until > {_ON}) AND (p.audience_mask & {AUDIENCE}) <> 0"
)
_SPANS = (
    f"SELECT unit_id, parent_id FROM roster_unitspan WHERE superseded IS NULL AND since <= {_ON} "
    f"AND (until IS NULL OR until > {_ON})"
)

FLOOR = f"""
WITH RECURSIVE spans AS ({_SPANS}),
ways(unit, top) AS (
  SELECT unit_id, unit_id FROM spans
  UNION ALL SELECT ways.unit, spans.parent_id FROM ways JOIN spans ON spans.unit_id = ways.top
  WHERE spans.parent_id IS NOT NULL
),
proofs AS (
  SELECT e.person_id,
    max(CASE WHEN e.status = 'approved' AND e.completed_on >= '{PERIOD}' THEN 1 ELSE 0 END) AS trained,
    max(CASE WHEN e.completed_on >= '{PERIOD}' THEN 1 ELSE 0 END) AS pending,
    max(CASE WHEN e.status = 'approved' THEN 1 ELSE 0 END) AS expired,
    sum(CASE WHEN e.status = 'approved' AND e.completed_on >= '{PERIOD}' THEN 1 ELSE 0 END) AS attendances
  FROM coverage_evidence e
  WHERE e.superseded IS NULL AND e.course_id BETWEEN 1 AND 6 AND e.completed_on <= {_ON}
    AND e.status IN ('approved', 'declared') AND e.outcome = 'passed'
    AND (e.revoked_on IS NULL OR e.revoked_on > {_ON})
  GROUP BY e.person_id
),
away AS (
  SELECT DISTINCT person_id FROM roster_absence WHERE superseded IS NULL AND status = 'approved'
  AND reason = 'thai_san' AND since <= {_ON} AND (until IS NULL OR until > {_ON})
),
people AS (
  SELECT q.person_id, q.first, q.last, q.settled,
    CASE WHEN a.person_id IS NOT NULL THEN 'excluded' WHEN e.trained = 1 THEN 'trained'
      WHEN e.pending = 1 THEN 'pending' WHEN e.expired = 1 THEN 'expired' ELSE 'not_started' END AS state,
    coalesce(e.attendances, 0) AS attendances
  FROM (
    SELECT p.person_id, min(p.unit_id) AS first, max(p.unit_id) AS last,
      max(CASE WHEN p.since <= {_SETTLED} THEN 1 ELSE 0 END) AS settled
    FROM {_POSTS} GROUP BY p.person_id
  ) q LEFT JOIN proofs e ON e.person_id = q.person_id LEFT JOIN away a ON a.person_id = q.person_id
),
counted AS (
  SELECT first AS unit, CASE WHEN settled = 1 THEN state ELSE 'in_grace' END AS state, count(*) AS people,
    sum(CASE WHEN settled = 1 AND state <> 'excluded' THEN attendances ELSE 0 END) AS attendances
  FROM people WHERE first = last GROUP BY 1, 2
),
several AS MATERIALIZED (
  SELECT people.person_id, p.unit_id, people.state, people.attendances,
    CASE WHEN p.since <= {_SETTLED} THEN 1 ELSE 0 END AS settled
  FROM people JOIN (SELECT p.* FROM {_POSTS}) p ON p.person_id = people.person_id
  WHERE people.first <> people.last
),
twice AS (
  SELECT several.person_id, ways.top, several.state, several.attendances, max(several.settled) AS settled
  FROM several JOIN ways ON ways.unit = several.unit_id
  GROUP BY several.person_id, ways.top, several.state, several.attendances
)
SELECT top, state, sum(people), sum(attendances) FROM (
  SELECT ways.top, counted.state, counted.people, counted.attendances
  FROM counted JOIN ways ON ways.unit = counted.unit
  UNION ALL
  SELECT top, CASE WHEN settled = 1 THEN state ELSE 'in_grace' END, 1,
    CASE WHEN settled = 1 AND state <> 'excluded' THEN attendances ELSE 0 END
  FROM twice
) all_of_them GROUP BY top, state
"""
