"""The verbs of this room."""

from .letters import choose_ways, compose_letter, deliver
from .telling import mark_seen, remind, take_back, tell

__all__ = ["choose_ways", "compose_letter", "deliver", "mark_seen", "remind", "take_back", "tell"]
