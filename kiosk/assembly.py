"""Put the kiosk's parts together, for the process and for its tests."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QTimer

from bus.session import Session
from config.settings import SightBox
from kiosk.app import Kiosk
from kiosk.kept_procedures import Fetch, Kept, KeptProcedures, no_fetch
from kiosk.listening import LastKnown, Listener
from kiosk.offline_book import Book
from kiosk.offline_desk import After, Delivery, OfflineDesk
from kiosk.paper_record import PaperNotes, PaperRecord
from kiosk.paper_reports import LostPapers, PaperReports
from kiosk.printing import PrintDesk
from kiosk.sealed_file import SealedFile
from kiosk.stage import Stage, TapGuard
from kiosk.taking import TicketTaking


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a kiosk takes from the world."""

    data: Path
    monotonic: Callable[[], float]
    """Seconds of the centre."""
    real_monotonic: Callable[[], float]
    """Seconds of the wall, for gestures."""
    after: After
    rng: random.Random
    speak: Callable[[str], None]
    fetch_procedures: Fetch = no_fetch
    sight: SightBox = field(default_factory=SightBox)


def assemble(link: Session, world: Surroundings) -> Kiosk:
    """Return the kiosk that speaks over `link`, which delivers here; start it after this."""
    directory, device = world.data / "kiosk", link.device
    desk = OfflineDesk(SealedFile(directory / f"{device}.book.json", Book), device, link.new_id)
    record = PaperRecord(SealedFile(directory / f"{device}.papers.json", PaperNotes))
    listener = Listener(link, desk, SealedFile(directory / f"{device}.centre.json", LastKnown))
    printing = PrintDesk(record)
    reports = PaperReports(link, record)
    lost_papers = LostPapers(link, printing, reports, record)
    stage = Stage(world.monotonic, TapGuard(world.real_monotonic), world.speak)
    delivery = Delivery(desk, link, world.after, world.rng)
    taking = TicketTaking(
        stage=stage,
        listener=listener,
        link=link,
        desk=desk,
        delivery=delivery,
        printing=printing,
        after=world.after,
    )
    kiosk = Kiosk(
        stage=stage,
        listener=listener,
        link=link,
        taking=taking,
        desk=desk,
        printing=printing,
        reports=reports,
        record=record,
        sight=world.sight,
    )
    delivery.on_delivered = kiosk.number_delivered
    listener.service_back.connect(delivery.begin)
    listener.service_back.connect(reports.send_again)
    listener.service_back.connect(lost_papers.ask_again)
    kept = KeptProcedures(
        SealedFile(directory / f"{device}.procedures.json", Kept), world.fetch_procedures
    )
    kiosk.kept_procedures = kept
    listener.web_said.connect(kept.follow)
    kept.changed.connect(listener.use_procedures)
    listener.use_procedures(kept.document)
    link.follow_orders(kiosk.take_order)
    for part in (listener, printing, lost_papers, kept):
        part.setParent(kiosk)
    return kiosk


def after(seconds: float, call: Callable[[], None]) -> None:
    """Call `call` after so many seconds of the wall's time."""
    QTimer.singleShot(round(seconds * 1000), call)
