"""manage.py ledger: sign it, prove it, verify it, rotate its key, keep the application from rewriting it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lms.kernel import grants, queries, services, verification
from lms.kernel.commands import Act
from lms.kernel.errors import Refused
from lms.kernel.ledger import instant
from lms.kernel.models import LedgerCheckpoint, LedgerEntry
from lms.kernel.services.checkpoints import known_verifiers, last_signed


class LedgerAltered(Refused):
    """Something in the ledger is not what was recorded."""

    code = "ledger_altered"


class NoSuchEntry(Refused):
    """The ledger has no entry of this number."""

    code = "no_such_entry"


class Command(Act):
    help = "The ledger of everything that the institution answers for."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="what", required=True)
        for name, words in (
            ("checkpoint", "sign the ledger as it is, and print the signed note"),
            ("prove", "print the proof that an entry is in the ledger, or that the ledger only grew"),
            ("verify", "go through everything, and name the first thing that was altered"),
            ("rotate_key", "let a new key sign from here on"),
            ("roles", "the SQL that keeps the application's role from rewriting the ledger (PostgreSQL)"),
        ):
            act = acts.add_parser(name, help=words)
            super().add_arguments(act)
            if name == "prove":
                act.add_argument("number", type=int, nargs="?", help="number of the entry")
                act.add_argument("--grown", type=int, nargs=2, metavar=("FROM", "TO"), help="two sizes")
                act.add_argument("--out", type=Path, help="write the proof into this file")
            elif name == "verify":
                act.add_argument(
                    "--most", type=int, default=1, help="name so many things; default: the first"
                )
            elif name == "rotate_key":
                act.add_argument("--reason", default="")
                act.add_argument("--new-origin", default="", help="begin another log under this name")
            elif name == "roles":
                act.add_argument("role", help="the role with which the application signs in")
                act.add_argument("--apply", action="store_true", help="run the SQL instead of printing it")

    def act(self, **options: Any) -> Mapping[str, Any]:
        result: Mapping[str, Any] = getattr(self, f"_{options['what']}")(**options)
        return result

    def words(self, result: Mapping[str, Any]) -> str:
        if "note" in result:
            return str(result["note"])
        if "sql" in result:
            return ";\n".join(statement.rstrip(";") for statement in result["sql"]) + ";"
        if "path" in result or "steps" in result:
            return json.dumps(result, ensure_ascii=False, indent=1)
        return super().words(result)

    def _checkpoint(self, **options: Any) -> Mapping[str, Any]:
        return _described(services.make_checkpoint())

    def _rotate_key(self, **options: Any) -> Mapping[str, Any]:
        by = options["by"] or "operator"
        return _described(
            services.rotate_ledger_key(by=by, reason=options["reason"], origin=options["new_origin"])
        )

    def _prove(self, **options: Any) -> Mapping[str, Any]:
        if options["grown"]:
            first, second = options["grown"]
            if not 0 <= first <= second <= queries.ledger_size():
                raise NoSuchEntry(_("The ledger never had these sizes in this order."))
            result: dict[str, Any] = {"from": first, "to": second, "steps": queries.growth(first, second)}
        elif options["number"] is None:
            self.wrong_usage(_("Say which entry, or give --grown FROM TO."))
        else:
            try:
                result = queries.proof_of(options["number"]).as_json()
            except LedgerEntry.DoesNotExist:
                raise NoSuchEntry(
                    _("The ledger has no entry %(number)d.") % {"number": options["number"]}
                ) from None
        if options["out"]:
            options["out"].write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        return result

    def _verify(self, **options: Any) -> Mapping[str, Any]:
        seen = verification.examine(known_verifiers(), last_signed(), most=options["most"])
        if seen.findings:
            raise LedgerAltered("\n".join(finding.sentence for finding in seen.findings))
        return {
            "ledger": seen.entries,
            "root": seen.root.hex(),
            "checkpoints": seen.checkpoints,
            "facts": seen.facts,
            "erased": seen.erased,
            "waiting": seen.waiting,
        }

    def _roles(self, **options: Any) -> Mapping[str, Any]:
        if connection.vendor != "postgresql":
            self.wrong_usage(_("Only PostgreSQL has roles."))
        try:
            sql = grants.statements(options["role"])
        except ValueError as error:
            self.wrong_usage(error)
        if not options["apply"]:
            return {"sql": sql}
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in sql:
                cursor.execute(statement)
        return {"applied": len(sql)}


def _described(checkpoint: LedgerCheckpoint) -> Mapping[str, Any]:
    return {
        "ledger": checkpoint.size,
        "root": bytes(checkpoint.root).hex(),
        "time": instant(checkpoint.time),
        "note": checkpoint.note,
    }
