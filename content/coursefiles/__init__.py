"""The curriculum as text files: reading, and the editorial rules. Pure: no Django, no database."""

from .reading import read_curriculum

__all__ = ["read_curriculum"]
