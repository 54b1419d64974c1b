"""The loop of the first start, whatever its screen and its keys are."""

import os
import select
from collections.abc import Callable

from provisioning.errors import ProvisioningError
from provisioning.first_start.ceremony import Ceremony, Stage
from provisioning.first_start.place import Place

_LOOK_EVERY_S = 1.0
_PLACE_EVERY_S = 10.0
_MOST_KEYS = 1024


def run(  # noqa: PLR0917 - what the loop stands between
    ceremony: Ceremony,
    keyboard: int,
    stop: int | None,
    find: Callable[[], Place],
    show: Callable[[Place, Stage, str, int], None],
    monotonic: Callable[[], float],
) -> None:
    """Show the stages until there is an administrator, or something can be read from `stop`.

    Whatever comes from the keyboard is a key; its end ends this.
    """
    place, found_s = find(), monotonic()
    before: tuple[object, ...] = ()
    watched = [keyboard] if stop is None else [keyboard, stop]
    while True:
        try:
            stage = ceremony.look()
        except ProvisioningError:
            stage = Stage.BLIND
        if monotonic() - found_s > _PLACE_EVERY_S:
            place, found_s = find(), monotonic()
        code = ceremony.code if stage is Stage.SHOWN else ""
        now = (place, stage, code, ceremony.left_s)
        if now != before:
            show(place, stage, code, ceremony.left_s)
            before = now
        if stage is Stage.OVER:
            return
        ready, _, _ = select.select(watched, [], [], _LOOK_EVERY_S)
        if stop in ready:
            return
        if keyboard in ready:
            if not os.read(keyboard, _MOST_KEYS):
                return  # the console was taken away
            try:
                ceremony.press()
            except ProvisioningError:
                ceremony.hide()
