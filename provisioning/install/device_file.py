"""The files that a machine begins with; people, `denluot join` and the first start go on there."""

from msgspec.structs import replace

from config.load import load_centre
from config.settings import (
    BoardBox,
    BrokerAddress,
    Device,
    FilePrinter,
    KioskBox,
    PanelBox,
    Screen,
    SimulatedPrinter,
    WebBox,
)
from config.write import changes_to_toml, to_toml
from provisioning.authority import server_name
from provisioning.install.facts import Facts
from provisioning.layout import STAFF_PORT, Layout
from provisioning.roles import PARTS, Part, Role

_BROKER_PORT = 8883
_MOST_BOARDS = {Role.BOARD: 4, Role.ALL: 2}
"""The configuration that a site begins with knows two boards."""
_HEAD = """\
# Những gì máy này có. Sửa xong thì chạy lại: denluot install
# What this machine has. After a change run again: denluot install
# docs/install.md, docs/hardware.md

"""


def first_device(role: Role, facts: Facts, site: str, counter: int) -> Device:
    """Return what a machine of this role has as far as can be seen from here."""
    parts, own = PARTS[role], Layout()  # as the machine itself will see its files
    kiosk = KioskBox(printers=_printers(facts)) if Part.KIOSK in parts else KioskBox()
    taken = int(Part.KIOSK in parts)
    boards = max(1, min(facts.screens - taken, _MOST_BOARDS[role])) if Part.BOARD in parts else 0
    panels = (
        (PanelBox(device=f"counter-{counter}", counter=counter),) if role is Role.COUNTER else ()
    )
    return Device(
        site=site,
        broker=BrokerAddress(
            port=_BROKER_PORT,
            tls=True,
            # Boxes are told by `denluot join` where the server is; its own screens know.
            server_name=server_name(site) if Part.BROKER in parts else "",
            ca_file=str(own.authority_certificate),
            password_file=str(own.broker_password),
        ),
        web=_pages(own) if Part.WEB in parts else WebBox(),
        kiosk=kiosk,
        boards=tuple(
            BoardBox(device=f"board-{number}", screen=Screen(screen=number - 1 + taken))
            for number in range(1, boards + 1)
        ),
        panels=panels,
    )


def device_text(device: Device) -> str:
    """Return the file that says `device`: what is not the default, and whose it is."""
    return _HEAD + changes_to_toml(device)


def first_centre_text(site: str) -> str:
    """Return the `centre.toml` that a server begins with: an example, under this site's own name.

    The first-start page asks for everything in it; what it says is only read while there is no log.
    """
    centre = load_centre()
    return to_toml(replace(centre, identity=replace(centre.identity, site=site)))


def _pages(own: Layout) -> WebBox:
    """Return how a server offers its pages: to the whole hall, under the site's certificate.

    In clear there are the boards, which everybody in the hall sees, and what a PC needs to trust
    that certificate.
    """
    file, hall = str(own.server_certificate), "0.0.0.0"  # noqa: S104 - the whole hall
    return WebBox(host=hall, port=STAFF_PORT, certificate=file, key=file, board_host=hall)


def _printers(facts: Facts) -> tuple[FilePrinter | SimulatedPrinter, ...]:
    """Return the printer that the kernel has found; without one, a kiosk that prints to files."""
    found = tuple(
        FilePrinter(name=f"lp{number}", path=path) for number, path in enumerate(facts.printers, 1)
    )
    return found or (SimulatedPrinter(),)
