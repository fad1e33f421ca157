"""News of this room, sent in the transaction of the change. Imports of files send none."""

from django.dispatch import Signal

evidence_recorded = Signal()
"""Somebody was trained, or says so. `evidence` (records.EvidenceTold)."""

evidence_decided = Signal()
"""Declared evidence was approved or rejected. `evidence` (records.EvidenceTold), `reason`."""

evidence_revoked = Signal()
"""Evidence no longer counts from a day on. `evidence` (records.EvidenceTold), `reason`."""

fact_contested = Signal()
"""Somebody says that a fact about them is wrong. `contest` (records.ContestTold)."""

contest_answered = Signal()
"""The unit's manager has answered. `contest` (records.ContestTold)."""
