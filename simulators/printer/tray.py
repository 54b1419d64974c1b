"""Where the simulated printer's papers fall."""

from pathlib import Path

from paper.rendering import render


class Tray:
    """Keeps the bytes of every paper; with a folder, each becomes `0001.bin` and `0001.png`."""

    def __init__(self, dots: int, folder: Path | None = None) -> None:
        self.papers: list[bytes] = []
        self._dots = dots
        self._folder = folder
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def take(self, paper: bytes) -> None:
        """Take a paper that was cut."""
        self.papers.append(paper)
        if self._folder:
            target = self._folder / f"{_next_number(self._folder):04d}"
            target.with_suffix(".bin").write_bytes(paper)
            target.with_suffix(".png").write_bytes(render(paper, self._dots).png())


def _next_number(folder: Path) -> int:
    there = [int(path.stem) for path in folder.glob("*.bin") if path.stem.isdecimal()]
    return max(there, default=0) + 1
