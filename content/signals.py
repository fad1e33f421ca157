"""News of this room."""

from django.dispatch import Signal

edition_frozen = Signal()
"""A course was published. `code`, `number`, `change` (ChangeKind), `days` for what it asks."""
