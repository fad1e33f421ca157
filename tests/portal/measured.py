"""One large register in a database of its own: the list of everybody as CSV and XLSX. Prints JSON.

`python -m tests.portal.measured --people 100000`, with DATABASE_URL naming an empty database.
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, required=True)
    people = options.parse_args().people
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.config.settings")

    import django

    django.setup()
    from lms.coverage.queries import coverage_of
    from lms.kernel.writers import csv_lines, xlsx_pieces
    from lms.portal.views.exports import people_header, people_rows
    from tests.coverage.measured import DAY, ask_for_a_target
    from tests.factories.large import fill

    fill(people=people, units=people * 23 // 1000, evidence=people * 3)
    ask_for_a_target()
    found: dict[str, float] = {}
    figure = coverage_of("T", "VN", DAY, people=True)
    found["rows"] = sum(len(codes) for codes in figure.people.values())

    def to_csv() -> None:
        found["bytes"] = sum(len(line) for line in csv_lines(people_header(), people_rows(figure, DAY)))

    def to_xlsx() -> None:
        sum(len(piece) for piece in xlsx_pieces(people_header(), people_rows(figure, DAY)))

    found["figure"] = _seconds(lambda: coverage_of("T", "VN", DAY, people=True))
    before = _memory()
    found["csv"], found["xlsx"] = _seconds(to_csv), _seconds(to_xlsx)
    found["grown"] = _memory() - before
    print(json.dumps(found))  # noqa: T201


def _seconds(act: Callable[[], object]) -> float:
    """Of processor."""
    used = time.process_time()
    act()
    return time.process_time() - used


def _memory() -> float:
    """The most that the process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
