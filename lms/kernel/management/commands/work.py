"""manage.py work: find what is to be done, and do it."""

import signal
import threading
import time
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, close_old_connections

from lms.kernel import jobs, services
from lms.kernel.commands import Act

_PLANNED_EVERY = 30.0  # seconds


class Command(Act):
    """The sweeper: needs no broker, and finds what no message announced."""

    help = "Do the work that is due, until stopped; SIGTERM lets the job at hand finish."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--once", action="store_true", help="end when nothing is due")
        parser.add_argument("--poll", type=float, default=1.0, help="seconds between two looks")

    def act(self, **options: Any) -> Mapping[str, Any]:
        once, poll = options["once"], options["poll"]
        over = threading.Event()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda _number, _frame: over.set())
        counted = {jobs.Outcome.DONE: 0, jobs.Outcome.FAILED: 0, jobs.Outcome.LOST: 0}
        planned = float("-inf")
        while not over.is_set():
            if not once:
                close_old_connections()
            try:
                if time.monotonic() - planned > _PLANNED_EVERY:
                    services.sequence()
                    jobs.plan_periodic()
                    planned = time.monotonic()
                outcome = jobs.work_once()
            except DatabaseError as error:
                if once:
                    raise
                self.stderr.write(f"The database does not answer ({type(error).__name__}); trying again.")
                over.wait(5)
                continue
            if outcome:
                counted[outcome] += 1
            elif once:
                break
            else:
                over.wait(poll)
        return counted
