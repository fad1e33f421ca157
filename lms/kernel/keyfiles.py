"""Secret keys in files: 32 random bytes each, made on first use, readable by their owner alone."""

import os
from pathlib import Path


def secret_of(folder: Path, purpose: str) -> bytes:
    """The key for this purpose."""
    return secret_in(folder / f"{purpose}.key")


def secret_in(path: Path) -> bytes:
    """The key in this file. Of two processes that start together, one makes it and both read it."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        make_secret(path)
        return path.read_bytes()


def make_secret(path: Path) -> None:
    """A fresh key in this file, unless another process was first; its key is the key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(os.urandom(32))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
