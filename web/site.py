"""How the parts of the web process hang together."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from litestar import Litestar

from bus.health import WebHealth
from bus.session import Session
from config import Clock
from config.settings import WebBox
from config.watchdog import Watchdog
from hall.model import Hall, HallState
from provisioning.accounts import Accounts
from provisioning.back_off import BackOff
from provisioning.backup.status import BackupStatus
from provisioning.drafts import SettingsDrafts
from provisioning.first_start.steps import FirstSteps
from provisioning.layout import STAFF_PORT
from provisioning.one_time import OneTimeCodes
from provisioning.pairing.offers import Offers
from provisioning.passwords import Passwords
from provisioning.pins import Pins
from provisioning.procedures import Procedures
from provisioning.ratings import Ratings
from provisioning.sessions import Sessions
from provisioning.site_db import SiteDb
from provisioning.site_server import SiteServer
from wait_log.reader import Reader
from web.access import Door
from web.accounts.routes import ACCOUNT_ROUTES, AccountsSite
from web.app import create_public_app, create_staff_app, following
from web.appointments.import_routes import IMPORT_ROUTES
from web.appointments.importing import Imports
from web.appointments.routes import APPOINTMENT_ROUTES, AppointmentsSite
from web.assets import assets_version, load_templates
from web.backups import backup_line
from web.board.media import MediaShelf
from web.board.pages import Pages
from web.board.routes import BoardSite
from web.board.stream import BoardStream
from web.ca import CaSite
from web.commands import CommandDesk
from web.counter.officers import OFFICER_ROUTES, OfficersSite
from web.counter.pages import CounterPages, PageSources
from web.counter.parts import CounterStream
from web.counter.routes import COUNTER_ROUTES, CounterSite
from web.day_log import DayLog
from web.desk import centre_names, other_language
from web.devices.boxes import BOXES_ROUTES, BoxesSite, lan_address
from web.devices.condition import needing_a_hand
from web.devices.pairing import PAIRING_ROUTES, PairingSite, SiteWatch
from web.devices.routes import DEVICE_ROUTES, DevicesSite
from web.devices.voices import FOLDER as VOICES_FOLDER
from web.devices.voices import VOICE_ROUTES, VoicesSite, voices_site
from web.export.satisfaction import opinions_of
from web.first_start.page import FirstSite
from web.first_start.routes import START_ROUTES
from web.guard import Pace, is_address
from web.healthz import HealthSite
from web.helping import HELPING_ROUTES
from web.integrations.site import make_integrations
from web.login.routes import LOGIN_ROUTES
from web.login.site import LoginSite
from web.once import OnceOnly
from web.pages import TodayPages
from web.phone.cancelling import Cancelling
from web.phone.codes import WrongCodes
from web.phone.confirming import Confirming
from web.phone.metrics import phone_metrics
from web.phone.reach import CheckTrust, Invitations, publicly_trusted
from web.phone.record import PhoneRecord
from web.phone.routes import PhoneSite
from web.phone.settings_page import PHONE_SETTINGS_ROUTES
from web.phone.stream import Phones
from web.phone.voting import Voting
from web.procedures.manage import PROCEDURES_SETTINGS_ROUTES
from web.procedures.site import ProceduresSite
from web.rating.door import Refusals
from web.rating.site import make_rating, refusal_metrics
from web.report.site import make_reports
from web.server import BoardServer, Server, Tls
from web.settings.routes import SETTINGS_ROUTES, SettingsSite
from web.settings.versions import Versions
from web.ticket_log.chain_watch import ChainWatch
from web.ticket_log.routes import ROUTES as LOG_ROUTES
from web.ticket_log.routes import LogSite
from web.today import TODAY_ROUTES, LiveEvents, Site
from web.waiting import Changes, LoopOwner
from web.waits.accounts import ACCOUNT_FIGURES_ROUTES
from web.waits.routes import ROUTES as WAITS_ROUTES
from web.waits.routes import WaitsSite

_PAIRING_PER_S = 0.2
_PAIRING_BURST = 20.0
"""Words of one address about pairing: a code has five attempts of two words each."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the pages are made from; `monotonic` counts real seconds."""

    link: Session
    owner: LoopOwner
    """What `link` delivers by."""
    log: DayLog
    open_log: Callable[[], Reader]
    """Opens a reader of the log; each room that reads has its own, and closes it."""
    clock: Clock
    monotonic: Callable[[], float]
    new_token: Callable[[], str]
    site_db: SiteDb
    passwords: Passwords
    day_sheets: Path
    """Where the sheet of each day goes."""
    site_server: SiteServer | None = None
    """The site that this machine is the server of."""
    backups: Callable[[], BackupStatus | None] = lambda: None
    """What became of the last backups of this machine."""
    phones_link: Session | None = None
    """By which phones give their numbers up; None where they cannot."""
    check_trust: CheckTrust = publicly_trusted
    offers: Offers | None = None
    """The codes by which boxes are paired; made where none are given."""
    watchdog: Watchdog = field(default_factory=Watchdog)

    @property
    def data(self) -> Path:
        """Return the data directory of this machine."""
        return self.day_sheets.parent


def make_server(
    sources: Sources,
    box: WebBox,
    boards: socket.socket | None = None,
    tls: Tls | None = None,
    port: int = 0,
) -> Server:
    """Return what serves the pages, and with `boards` the board alone on that listener.

    `port` is where it is reached, if not where the settings say.
    """
    hall, stopping = Hall(sources.link), asyncio.Event()
    hall.follow_board()
    hall.follow_services()
    hall.follow_counters()
    hall.follow_devices()
    hall.follow_staff()
    handed_out_at = _public_port(boards, tls, port or box.port)
    procedures = ProceduresSite(Procedures(sources.site_db), lambda: hall.state, handed_out_at)
    voices = voices_site(
        sources.data / VOICES_FOLDER, sources.site_db, handed_out_at, sources.monotonic
    )
    board = _board(
        sources, box, hall, stopping,
        lambda: WebHealth(procedures=procedures.hint(), voices=voices.hint()),
    )  # fmt: skip
    procedures.tell = voices.tell = board.pages.tell_health
    health = HealthSite(hall, sources.log, sources.site_db, sources.monotonic)
    pairing = PairingSite(
        hall,
        sources.site_server,
        sources.offers or Offers(sources.monotonic),
        tls,
        port or box.port,
        Pace(sources.monotonic, per_s=_PAIRING_PER_S, burst=_PAIRING_BURST),
        Pace(sources.monotonic, per_s=1.0, burst=2 * _PAIRING_BURST),
    )
    watch = SiteWatch(pairing, sources.monotonic)
    refusals = Refusals()
    phone = _phone(sources, hall, stopping, refusals, lambda: procedures.offered)
    app = _staff_app(
        sources, box, hall, board, stopping,
        health=health, watch=watch, refusals=refusals, phone=phone, procedures=procedures,
        voices=voices,
    )  # fmt: skip
    beside = None
    if boards:
        names = frozenset(name.lower() for name in box.board_names)

        def is_ours(name: str) -> bool:
            return is_address(name) or name in names or name == public_name(hall.state)

        public = create_public_app(
            {
                "board": board,
                "health": health,
                "ca": ca_site(sources),
                "phone": phone,
                "procedures": procedures,
                "voices": voices,
            }
        )
        beside = BoardServer(public, is_ours, boards)
    server = Server(app, stopping.set, beside, tls, sources.watchdog)
    watch.take_certificate = server.take_certificate
    return server


def public_name(hall: HallState) -> str:
    """Return the name by which citizens' phones come, if they come by one."""
    url = hall.centre.identity.public_url if hall.centre else ""
    return urlsplit(url).hostname or ""


def ca_site(sources: Sources) -> CaSite:
    """Return where the site's authority is, if this machine is a site's server."""
    server = sources.site_server
    return CaSite(server.authority.public if server else None)


def _staff_app(
    sources: Sources,
    box: WebBox,
    hall: Hall,
    board: BoardSite,
    stopping: asyncio.Event,
    *,
    health: HealthSite,
    watch: SiteWatch,
    refusals: Refusals,
    phone: PhoneSite,
    procedures: ProceduresSite,
    voices: VoicesSite,
) -> Litestar:
    clock, db, pairing = sources.clock, sources.site_db, watch.pairing
    templates = load_templates()
    templates.globals["centre_names"] = centre_names(lambda: hall.state)
    templates.globals["other_language"] = other_language
    chain = ChainWatch(sources.open_log(), clock.now)
    templates.globals["devices_needing_a_hand"] = lambda: needing_a_hand(hall.state)
    templates.globals["copied_boxes"] = lambda: watch.copied
    templates.globals["backup_line"] = backup_line(sources.backups, clock.now)
    templates.globals["makes_appointments"] = lambda: (
        hall.state.centre is not None and hall.state.centre.makes_appointments
    )
    commands = CommandDesk(sources.link, db)
    changes = Changes(hall.watch)
    pages = TodayPages(hall, changes, sources.log, clock.now, sources.monotonic)
    others = make_integrations(
        db,
        sources.open_log(),
        box,
        hall=lambda: hall.state,
        record=pages.record,
        clock=clock,
        monotonic=sources.monotonic,
        data=sources.data,
        more=lambda: [*phone_metrics(phone), *refusal_metrics(refusals)],
    )
    templates.globals["single_sign_on"] = others.single_sign_on
    secure = pairing.tls is not None
    rating = make_rating(
        sources.link,
        hall,
        db,
        sources.open_log,
        refusals,
        templates=templates,
        stopping=stopping,
        clock=clock,
        monotonic=sources.monotonic,
        address=partial(_tablets_address, pairing),
        secure=secure,
    )
    door = Door(
        Sessions(db),
        secure=secure,
        by_token=others.door.admit,
        by_tablet=rating.site.door.admit,
    )
    opinions = opinions_of(rating.ratings)
    reports = make_reports(
        db,
        sources.open_log(),
        lambda: hall.state.centre,
        clock,
        sources.day_sheets,
        opinions=opinions,
    )

    def close() -> None:
        sources.log.close()
        db.close()

    login = LoginSite(
        hall,
        Accounts(db, sources.passwords),
        Sessions(db),
        OneTimeCodes(db),
        BackOff(db),
        door,
        clock,
    )
    counter_pages = CounterPages(
        PageSources(sources.link, hall, clock, sources.monotonic, sources.new_token)
    )
    counter_stream = CounterStream(stopping, sources.monotonic, assets_version())
    counter_site = CounterSite(hall, counter_pages, counter_stream, templates)
    versions, drafts = Versions(sources.open_log), SettingsDrafts(db)
    settings = SettingsSite(hall, sources.link, versions, drafts, db)
    return create_staff_app(
        [
            *TODAY_ROUTES,
            *HELPING_ROUTES,
            *WAITS_ROUTES,
            *ACCOUNT_FIGURES_ROUTES,
            *LOG_ROUTES,
            *LOGIN_ROUTES,
            *ACCOUNT_ROUTES,
            *DEVICE_ROUTES,
            *VOICE_ROUTES,
            *BOXES_ROUTES,
            *PAIRING_ROUTES,
            *others.routes,
            *reports.routes,
            *PROCEDURES_SETTINGS_ROUTES,
            *SETTINGS_ROUTES,
            *PHONE_SETTINGS_ROUTES,
            *START_ROUTES,
            *COUNTER_ROUTES,
            *APPOINTMENT_ROUTES,
            *IMPORT_ROUTES,
            *OFFICER_ROUTES,
            *rating.routes,
        ],
        {
            **others.sites,
            "first_start": FirstSite(
                FirstSteps(db),
                settings,
                commands,
                LiveEvents(changes, stopping, quiet_s=5.0),
                templates,
                sources.data,
            ),
            "ca": ca_site(sources),
            "settings_site": settings,
            "appointments": AppointmentsSite(
                hall,
                commands,
                sources.open_log,
                sources.link.new_id,
                Imports(sources.monotonic, sources.link.new_id),
            ),
            "site": Site(
                hall,
                sources.log,
                pages,
                LiveEvents(changes, stopping),
                templates,
                commands,
                OnceOnly(),
                sources.new_token,
                sources.data,
            ),
            "ticket_log_site": LogSite(hall, chain, sources.open_log, clock.now),
            "waits_site": WaitsSite(lambda: hall.state, sources.open_log, clock.now, opinions),
            "board": board,
            "phone": phone,
            "procedures": procedures,
            "health": health,
            "report": reports.site,
            "login": login,
            "staff": AccountsSite(login),
            "pairing": pairing,
            "rating_site": rating.site,
            "tablets_site": rating.tablets_site,
            "counter_site": counter_site,
            "officers": OfficersSite(counter_site, login, Pins(login.accounts)),
            "boxes": BoxesSite(pairing, LiveEvents(changes, stopping, quiet_s=1.0), templates),
            "devices": DevicesSite.following(
                hall, changes, commands, templates, stopping, voices=voices
            ),
            "voices": voices,
        },
        door,
        templates,
        [
            partial(following, sources.link, sources.owner, hall, board, close),
            others.working,
            chain.lifespan,
            watch.lifespan,
            phone.phones.working,
            phone.cancelling.working,
            reports.working,
            rating.lifespan,
        ],
    )


def _phone(
    sources: Sources,
    hall: Hall,
    stopping: asyncio.Event,
    refusals: Refusals,
    has_procedures: Callable[[], bool],
) -> PhoneSite:
    changes, clock = Changes(hall.watch), sources.clock
    ratings, monotonic = Ratings(sources.site_db), sources.monotonic
    record = PhoneRecord(
        hall, changes, sources.open_log(), clock.now, monotonic, rated=ratings.voted
    )
    templates = load_templates()
    phones = Phones(hall, changes, record, templates, stopping=stopping, now=clock.now)
    confirming = Confirming(
        hall,
        sources.link,
        Versions(sources.open_log),
        sources.site_db,
        Invitations(sources.monotonic),
        sources.check_trust,
        clock.now,
    )
    codes, cancelling = WrongCodes(sources.monotonic), Cancelling(sources.phones_link)
    voting = Voting(ratings, refusals, monotonic)
    return PhoneSite(hall, phones, codes, cancelling, confirming, voting, has_procedures)


def _public_port(boards: socket.socket | None, tls: Tls | None, port: int) -> int | None:
    """Return where boxes fetch what they need without TLS; None where they cannot."""
    if boards:
        return int(boards.getsockname()[1])
    return port or None if tls is None else None


def _tablets_address(pairing: PairingSite) -> str:
    """Return where the browser of a tablet begins."""
    if pairing.tls is None:
        return f"http://127.0.0.1:{pairing.port}/rate"
    port = "" if pairing.port == STAFF_PORT else f":{pairing.port}"
    return f"https://{lan_address()}{port}/rate"


def _board(
    sources: Sources,
    box: WebBox,
    hall: Hall,
    stopping: asyncio.Event,
    hints: Callable[[], WebHealth],
) -> BoardSite:
    clock = sources.clock
    pages = Pages(
        sources.link,
        hall,
        clock=clock,
        real=sources.monotonic,
        new_token=sources.new_token,
        counted=frozenset(box.board_screens),
        hints=hints,
    )
    version = assets_version()
    stream = BoardStream(pages, hall, stopping, now=clock.now, speed=clock.speed, version=version)
    return BoardSite(pages, stream, Pace(sources.monotonic), MediaShelf(box.board_media), version)
