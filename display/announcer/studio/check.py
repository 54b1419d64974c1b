"""The table of a pack's clips, and whether it is fit for the hall."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from display.announcer.inspection import Fault, Finding, inspect_pack
from display.announcer.studio.texts import Texts

_WORDING = {Fault.LOUDNESS: "loudness_fault", Fault.PEAK: "peak_fault"}
_COLUMNS = ("text", "file", "length", "loudness", "peak", "edges", "verdict")
_FILE_WIDTH = 120
_FIGURES = frozenset({"length", "loudness", "peak", "edges"})


def check(directory: Path, texts: Texts, console: Console) -> bool:
    """Print what a pack has and lacks; return whether it is clean; raises PackError."""
    found = inspect_pack(directory)
    table = Table(box=None, header_style="bold")
    if not console.is_terminal:
        console.width = max(console.width, _FILE_WIDTH)
    for column in _COLUMNS:
        figure = column in _FIGURES
        table.add_column(
            texts(column),
            justify="right" if figure else "left",
            no_wrap=figure,
            overflow="fold",
        )
    for finding in found:
        table.add_row(*_row(finding, texts), style="red" if finding.faults else None)
    console.print(table)
    faulty = sum(bool(finding.faults) for finding in found)
    key = "faulty" if faulty else "clean"
    told = texts(key, name=directory.name, count=len(found), faulty=faulty)
    console.print(told, markup=False, soft_wrap=True)
    return not faulty


def fault_text(fault: Fault, finding: Finding, texts: Texts) -> str:
    """Return in words what is wrong."""
    return texts(_WORDING.get(fault, fault.value), form=finding.form)


def _row(finding: Finding, texts: Texts) -> list[str]:
    level = finding.level
    figures = ["", "", "", ""]
    if level:
        before, after = level.edges_ms
        figures = [
            f"{level.duration_s:.2f}",
            f"{level.lufs:.1f}",
            f"{level.peak_dbtp:.1f}",
            f"{before}/{after}",
        ]
    faults = [fault_text(fault, finding, texts) for fault in finding.faults]
    return [finding.text, finding.file, *figures, "; ".join(faults) or texts("ok")]
