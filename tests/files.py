"""The files of a running centre, of which some come and go."""

import os
from pathlib import Path


def files_below(directory: Path) -> list[Path]:
    """Return the regular files below `directory`; a folder that goes meanwhile is left out."""
    found = [Path(folder, name) for folder, _, names in os.walk(directory) for name in names]
    return [path for path in found if path.is_file()]
