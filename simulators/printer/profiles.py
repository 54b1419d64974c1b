"""What kinds of printers answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one kind of printer answers; it prints all the same."""

    subjects: tuple[int, ...] = ()
    """The n of DLE EOT."""
    in_turn: bool = False
    """GS r 1."""
    process_id: bool = False
    """GS ( H fn 48."""
    automatic: bool = False
    """GS a."""
    clears: bool = False
    """DLE DC4 fn 8."""
    module: bool = False
    """DLE EOT 20, and a mouth in which the ticket waits."""


PROFILES = {
    "full": Profile(
        subjects=(1, 2, 3, 4), in_turn=True, process_id=True, automatic=True, clears=True
    ),
    "kiosk": Profile(
        subjects=(1, 2, 3, 4),
        in_turn=True,
        process_id=True,
        automatic=True,
        clears=True,
        module=True,
    ),
    "plain": Profile(subjects=(1, 2, 3, 4), in_turn=True),
    "basic": Profile(subjects=(1, 2, 4)),
    "silent": Profile(),
}
"""`full` is an Epson of today, `kiosk` a module with a presenter, `plain` an older printer,
`basic` a clone that tells its paper, `silent` one behind a line without a way back."""
