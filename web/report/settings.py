"""What a site has settled for its reports: letterheads, addressees, signatories, texts, mail."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from bus.typed import read_json
from config import Centre
from web.report.document import Letterhead, Line, Lines, Paragraphs, Signatory

MOST_SIGNATORIES = 12
LONGEST_CERTIFICATE = 20_000

Who = Literal["centre", "ward"]
SheetFormat = Literal["", "xlsx", "docx"]
Security = Literal["starttls", "tls", "none"]


class MailSettings(Struct, frozen=True, kw_only=True):
    """The mail server, and who gets the day's sheet; no host sends nothing."""

    host: Line = ""
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    security: Security = "starttls"
    sender: Line = ""
    to: Lines = ()
    user: Line = ""
    password: Line = ""
    certificate: Annotated[str, Meta(max_length=LONGEST_CERTIFICATE)] = ""
    """The authority that the server proves itself by, where the machine does not know it (PEM)."""

    @property
    def on(self) -> bool:
        """Return whether mail can be sent."""
        return bool(self.host and self.sender and self.to)

    def __repr__(self) -> str:
        return f"MailSettings(host={self.host!r}, port={self.port}, security={self.security!r})"


class ReportSettings(Struct, frozen=True, kw_only=True):
    """All that is settled once; what is empty follows the centre's configuration."""

    letterhead: Who = "centre"
    centre: Letterhead = Letterhead()
    ward: Letterhead = Letterhead()
    addressees: Lines = ()
    recipients: Lines = ()
    signatories: Annotated[tuple[Signatory, ...], Meta(max_length=MOST_SIGNATORIES)] = ()
    opening: Paragraphs = ""
    proposals: Paragraphs = ""
    closing: Paragraphs = ""
    goal_percent: Annotated[int, Meta(ge=0, le=100)] = 0
    """The share of waits within the target that the site has set itself; 0 says nothing of it."""
    sheet: SheetFormat = "xlsx"
    mail: MailSettings = MailSettings()


def settings_json(settings: ReportSettings) -> bytes:
    """Return settings as they are kept."""
    return msgspec.json.encode(settings)


def settings_from(raw: bytes) -> ReportSettings:
    """Return settings as they were kept."""
    return read_json(raw, ReportSettings)


def letterhead(settings: ReportSettings, centre: Centre, who: Who | None = None) -> Letterhead:
    """Return who writes, in every part: what is settled, else what the centre's names say."""
    who = who or settings.letterhead
    place, centre_name = centre.identity.place("vi"), centre.identity.name("vi")
    if who == "ward":
        settled = settings.ward
        usual = Letterhead(
            body=f"Ủy ban nhân dân {place}",
            code="BC-UBND",
            place=_bare_place(place),
            issuer=f"Ủy ban nhân dân {_within(place)}",
        )
    else:
        settled = settings.centre
        usual = Letterhead(
            superior=f"UBND {place}",
            body=centre_name,
            code="BC-TTPVHCC",
            place=_bare_place(place),
            issuer=f"{centre_name} {_within(place)}",
        )
    filled = {
        name: getattr(settled, name) or getattr(usual, name) for name in usual.__struct_fields__
    }
    return Letterhead(**filled)


def addressees(settings: ReportSettings, centre: Centre) -> tuple[str, ...]:
    """Return to whom the report goes up."""
    if settings.addressees:
        return settings.addressees
    place = _within(centre.identity.place("vi"))
    usual = {
        "centre": f"Ủy ban nhân dân {place}",
        "ward": f"Ủy ban nhân dân {_within(centre.identity.city('vi'))}",
    }
    return (usual[settings.letterhead],)


def recipients(settings: ReportSettings) -> tuple[str, ...]:
    """Return who gets a copy."""
    return settings.recipients or ("Như trên", "Lưu: VT, TTPVHCC")


def signatory(settings: ReportSettings) -> Signatory:
    """Return who usually signs; the name is left to be typed where nobody has."""
    if settings.signatories:
        return settings.signatories[0]
    if settings.letterhead == "ward":
        return Signatory(authority="TM. Ủy ban nhân dân", office="Chủ tịch")
    return Signatory(office="Giám đốc")


def _within(name: str) -> str:
    """Return a name within a sentence: phường Nhị Chiểu."""
    return name[:1].lower() + name[1:]


def _bare_place(place: str) -> str:
    """Return a ward's own name: Nhị Chiểu."""
    kind, _, name = place.partition(" ")
    if kind.lower() in ("phường", "xã"):
        return name
    return place.removeprefix("Đặc khu ").removeprefix("Thị trấn ")
