"""The SQL by which PostgreSQL keeps the application itself from rewriting what it recorded.

One role owns the tables and migrates; another, which serves pages and work, may add entries and facts, give
them the numbers that they do not have yet, and nothing more.
"""

import re

from lms.kernel.facts import BOOKKEEPING, fact_models
from lms.kernel.models import LedgerCheckpoint, LedgerEntry, LedgerReason, LedgerSalt, LedgerTile

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")

_GUARD = """\
CREATE OR REPLACE FUNCTION ledger_entry_is_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.number IS NOT NULL OR to_jsonb(NEW) - 'number' - 'time' <> to_jsonb(OLD) - 'number' - 'time' THEN
    RAISE EXCEPTION 'a numbered entry of the ledger never changes' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION ledger_fact_is_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.recorded IS NOT NULL AND NEW.recorded IS DISTINCT FROM OLD.recorded)
     OR NEW.recorded_entry <> OLD.recorded_entry
     OR (OLD.superseded_entry IS NOT NULL AND NEW.superseded_entry IS DISTINCT FROM OLD.superseded_entry)
     OR (OLD.superseded IS NOT NULL AND NEW.superseded IS DISTINCT FROM OLD.superseded) THEN
    RAISE EXCEPTION 'what was recorded and superseded stays so' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;"""


def statements(role: str) -> list[str]:
    """The statements, in order; running them again changes nothing. The role must exist and own nothing."""
    if not _ROLE.fullmatch(role):
        raise ValueError(f"a role cannot be called {role!r}")
    entry, tile, checkpoint = (model._meta.db_table for model in (LedgerEntry, LedgerTile, LedgerCheckpoint))
    result = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        _GUARD,
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {entry}, {tile}, {checkpoint} FROM {role}",
        f"GRANT UPDATE (number, time) ON {entry} TO {role}",
        f"GRANT UPDATE (hashes) ON {tile} TO {role}",
        # Erasure destroys salts and reasons, and says so in the ledger.
        f"REVOKE UPDATE, TRUNCATE ON {LedgerSalt._meta.db_table}, {LedgerReason._meta.db_table} FROM {role}",
        *_trigger("ledger_entry_is_written", entry),
    ]
    for model in fact_models().values():
        table = model._meta.db_table
        erasable = {
            str(field.column) for field in model._meta.concrete_fields if field.name in model.erasable
        }
        columns = sorted((BOOKKEEPING - {"recorded_entry"}) | erasable)
        result += [
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}",
            f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {role}",
            *_trigger("ledger_fact_is_written", table),
        ]
    return result


def _trigger(function: str, table: str) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {function} ON {table}",
        f"CREATE TRIGGER {function} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]
