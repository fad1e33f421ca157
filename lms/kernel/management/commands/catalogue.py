"""manage.py catalogue: keep the Vietnamese catalogues in step with the code."""

import argparse
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.kernel import catalogues
from lms.kernel import upstream as libraries


class Command(BaseCommand):
    help = "Bring the translation catalogues into step with the code, check or compile them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", help="only these rooms, or with --upstream these libraries")
        parser.add_argument("--check", action="store_true", help="change nothing; fail if a text is missing")
        parser.add_argument("--compile", action="store_true", help="only write the compiled catalogues")
        parser.add_argument(
            "--upstream", action="store_true", help="the libraries' texts that they have no Vietnamese for"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compile"]:
            self.stdout.write(f"{catalogues.compile_all()} catalogues compiled")
            return
        lacking = 0
        for message in self._lacking(**options):
            lacking += 1
            place, line = message.places[0]
            self.stderr.write(f"{place}:{line}: {message.msgid!r}")
        if not options["check"]:
            catalogues.compile_all()
        if lacking and options["check"]:
            raise CommandError(f"{lacking} texts have no Vietnamese")
        self.stdout.write(f"{lacking} texts have no Vietnamese" if lacking else "Vietnamese is complete")

    def _lacking(
        self, *, names: list[str], check: bool, upstream: bool, **_options: Any
    ) -> Iterator[catalogues.Message]:
        if upstream:
            for name in names or libraries.LIBRARIES:
                for domain in libraries.DOMAINS:
                    yield from libraries.missing(name, domain) if check else libraries.update(name, domain)
        else:
            for room in names or catalogues.rooms():
                yield from catalogues.missing(room) if check else catalogues.update(room)
