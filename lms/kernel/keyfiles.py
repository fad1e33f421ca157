"""Secret keys in files: 32 random bytes each, made on first use, readable by their owner alone."""

import os
from pathlib import Path


def secret_of(folder: Path, purpose: str) -> bytes:
    """The key for this purpose. Of two processes that start together, one makes it and both read it."""
    path = folder / f"{purpose}.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(os.urandom(32))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_bytes()
