"""A small file that survives a power cut: whole or not at all."""

import os
from pathlib import Path


def replace_durably(path: Path, content: bytes) -> None:
    """Put `content` in the place of `path` so that a power cut leaves the old or the new."""
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    if hasattr(os, "O_DIRECTORY"):
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
