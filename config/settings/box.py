"""What one box has: screens, printers, loudspeaker, windows, and where its broker is."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from config.settings.base import CounterNumber, Name, Port, Settings
from config.settings.boards import BoardBox, BoardMedia
from config.settings.dispenser import DispenserBox
from config.settings.keypads import CallDevice
from config.settings.printers import Printer, SimulatedPrinter, TicketLayouts
from config.settings.screens import Screen
from config.settings.signs import Sign, SignLine, SimulatedSigns
from config.settings.speakers import SoundCard, Speaker

_HOST_AND_PORT = r"^[^\s:]{1,255}:[0-9]{1,5}$"


class BrokerAddress(Settings, frozen=True, kw_only=True):
    """Where the broker is and who this box is to it."""

    host: str = "127.0.0.1"
    port: Port = 1883
    password: str = ""
    """For a broker of somebody else's; a site's own boxes have a file."""
    password_file: str = ""
    """A file of this user alone whose first line is the password; `denluot join` writes one."""
    tls: bool = False
    """The broker proves itself by a certificate of `ca_file`, or is not spoken to."""
    ca_file: str = ""
    """A file, or `system` for the authorities that this machine trusts."""
    server_name: str = ""
    """The name in the broker's certificate, whatever its address; empty takes `host`."""
    others: tuple[Annotated[str, Meta(pattern=_HOST_AND_PORT)], ...] = ()
    """`host:port` of the other nodes of a broker that is a cluster, tried in turn."""
    subscribe_qos: Literal[0, 1] = 1
    """0 for a NATS cluster: at 1 it takes long over every filter, and forever with a dead node."""


KeyNames = Annotated[
    tuple[Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]{1,30}$")], ...],
    Meta(min_length=1, max_length=6),
]
"""Keys of a keyboard as Qt names them, such as `Left` or `F5`."""


class FiveKeys(Settings, frozen=True, kw_only=True):
    """Which keys of the keypad beside the screen are which."""

    back: KeyNames = ("Left",)
    next: KeyNames = ("Right",)
    up: KeyNames = ("Up",)
    down: KeyNames = ("Down",)
    choose: KeyNames = ("Return", "Enter", "Select")


class SpeechBox(Settings, frozen=True, kw_only=True):
    """What reads the screen out: a sound output of its own, five keys, and a headset's plug."""

    enabled: bool = True
    """False where nothing is read out; the keys move on the screen all the same."""
    speaker: Speaker = SoundCard()
    headset: str = ""
    """The input device that tells of the plug, of /dev/input; empty where none does."""
    keys: FiveKeys = FiveKeys()


class SightBox(Settings, frozen=True, kw_only=True):
    """How people find the screen of this kiosk, until they choose otherwise."""

    large_text: bool | None = None
    """None leaves it to the centre."""
    high_contrast: bool | None = None
    """None leaves it to the centre."""
    low_layout: bool = False
    """Everything to touch in the lower half, for a kiosk that wheelchairs or children use most."""


class KioskBox(Settings, frozen=True, kw_only=True):
    """A kiosk on this box."""

    device: Name = "kiosk-1"
    screen: Screen = Screen()
    printers: tuple[Printer, ...] = (SimulatedPrinter(),)
    layouts: TicketLayouts = TicketLayouts()
    sight: SightBox = SightBox()
    speech: SpeechBox = SpeechBox()
    pages_host: Annotated[str, Meta(pattern=r"^[^\s/?#@]{0,255}$")] = ""
    """Where the pages are served, if that is not the host of the broker."""


class AnnouncerBox(Settings, frozen=True, kw_only=True):
    """A loudspeaker on this box."""

    device: Name = "announcer-1"
    speaker: Speaker = SoundCard()
    packs: dict[Literal["vi", "en"], str] = msgspec.field(default_factory=dict)
    """Language to the directory of a clip pack that replaces the built-in one."""


class PanelBox(Settings, frozen=True, kw_only=True):
    """A counter window on this box."""

    device: Name
    counter: CounterNumber
    screen: Screen = Screen(mode="window")


class OidcProvider(Settings, frozen=True, kw_only=True):
    """Who vouches for people of the staff, by OpenID Connect; accounts and roles stay ours."""

    issuer: str
    """Its address, as it stands in what it signs."""
    client_id: Annotated[str, Meta(min_length=1, max_length=200)]
    client_secret_file: str = ""
    """A file that holds the secret; without one PKCE alone proves who asks."""
    redirect_uri: str
    """Where the provider sends people back: this server's address and `/login/oidc/callback`."""
    claim: Annotated[str, Meta(min_length=1, max_length=60)] = "preferred_username"
    """What the provider says of a person that names their account here."""
    accounts: dict[str, str] = msgspec.field(default_factory=dict)
    """Values of that claim to accounts; without any, the value is the account."""
    label: Annotated[str, Meta(min_length=1, max_length=60)] = "OpenID"
    """What people call it: it stands on the button of the login."""

    def __post_init__(self) -> None:
        """Refuse addresses that anybody between could answer for."""
        for name, address in (("issuer", self.issuer), ("redirect_uri", self.redirect_uri)):
            parts = urlsplit(address)
            local = parts.hostname in {"127.0.0.1", "::1", "localhost"}
            if parts.scheme != "https" and not (parts.scheme == "http" and local):
                raise ValueError(f"{name} must begin with https://, got {address!r}")
            if not parts.hostname or parts.query or parts.fragment or parts.username:
                raise ValueError(f"{name} is a plain address, got {address!r}")


class WebBox(Settings, frozen=True, kw_only=True):
    """The web process on this box: pages for managers on this machine, boards for TVs."""

    host: str = "127.0.0.1"
    """Where the staff finds its pages; beyond this machine only with a certificate."""
    port: Port = 8080
    certificate: str = ""
    """The file of the certificate chain (PEM) by which the staff's pages prove themselves."""
    key: str = ""
    """The file of its private key."""
    board_host: str = ""
    """Where TVs find the board and nothing else, such as 0.0.0.0; empty serves it here only."""
    board_port: Port = 8081
    board_names: tuple[str, ...] = ()
    """Names by which TVs reach it; by its address they always can."""
    board_screens: tuple[Name, ...] = ()
    """Screens whose pages count as boards; others may look."""
    board_media: BoardMedia = BoardMedia()
    """The pictures beside the calls on pages with the layout `calls+media`."""
    webhook_hosts: tuple[str, ...] = ()
    """Hosts, names or addresses, to which webhooks may go inside the network and without TLS."""
    oidc: OidcProvider | None = None
    """Single sign-on; None for passwords alone."""


class KeypadBox(Settings, frozen=True, kw_only=True):
    """The call devices of this box that act as one device of the centre.

    The centre says for which counters that device may act.
    """

    device: Name = "keypad-1"
    call_devices: tuple[CallDevice, ...] = ()


class SignBox(Settings, frozen=True, kw_only=True):
    """The LED signs on one line of this box."""

    device: Name = "sign-1"
    line: SignLine = SimulatedSigns()
    signs: Annotated[tuple[Sign, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse two signs at one address or above one counter."""
        for key in ("counter", "address"):
            values = [getattr(sign, key) for sign in self.signs]
            if len(set(values)) != len(values):
                raise ValueError(f"two signs have the same {key}: {values}")


class BackupBox(Settings, frozen=True, kw_only=True):
    """Where this server's backups go, and how many are kept."""

    folder: str = ""
    """Empty takes /var/backups/denluot."""
    stick: Annotated[str, Meta(max_length=40)] = "DENLUOT"
    """The label of a stick that gets every backup while it is plugged in; empty for none."""
    machine: Annotated[str, Meta(max_length=200)] = ""
    """Another machine that gets every backup over SSH: USER@HOST:FOLDER; empty for none."""
    machine_key: str = ""
    """The private key for it, a file of mode 0600."""
    days: Annotated[int, Meta(ge=1, le=400)] = 14
    weeks: Annotated[int, Meta(ge=0, le=200)] = 8
    months: Annotated[int, Meta(ge=0, le=240)] = 12


class RetentionBox(Settings, frozen=True, kw_only=True):
    """How long this server keeps what can be told of single tickets and acts; 0 is for ever."""

    ticket_months: Annotated[int, Meta(ge=0, le=600)] = 0
    """Then only the figures of a month stay, and the proof that the log is whole."""
    audit_months: Annotated[int, Meta(ge=0, le=600)] = 0


class Device(Settings, frozen=True, kw_only=True):
    """Everything one box has."""

    site: Name = "nhi-chieu"
    broker: BrokerAddress = BrokerAddress()
    kiosk: KioskBox = KioskBox()
    boards: tuple[BoardBox, ...] = (BoardBox(device="board-1"), BoardBox(device="board-2"))
    announcer: AnnouncerBox = AnnouncerBox()
    panels: tuple[PanelBox, ...] = tuple(
        PanelBox(device=f"counter-{number}", counter=number) for number in range(1, 10)
    )
    web: WebBox = WebBox()
    keypads: tuple[KeypadBox, ...] = ()
    dispenser: DispenserBox | None = None
    """Push-buttons in place of the kiosk's window."""
    signs: tuple[SignBox, ...] = ()
    backup: BackupBox = BackupBox()
    retention: RetentionBox = RetentionBox()
