"""Who may log in, and the certificate by which the staff's pages prove themselves."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from appliance.doctor.finding import Finding, error, note, ok
from config.settings import WebBox
from provisioning.accounts import Accounts, Role
from provisioning.certificate import ends_at
from provisioning.errors import ProvisioningError
from provisioning.site_db import FILE_NAME, open_site_db

_SOON = timedelta(days=30)


def check_staff(data: Path, box: WebBox, now: datetime) -> Iterator[Finding]:
    """Say whether somebody may log in, and over what."""
    yield check_accounts(data)
    if box.certificate:
        yield check_certificate(Path(box.certificate), now)


def check_accounts(data: Path) -> Finding:
    """Say whether an administrator can log in; a new centre's database is not made here."""
    path = data / FILE_NAME
    if not path.exists():
        return note("accounts", "no_administrator", data=data)
    try:
        with closing(open_site_db(path)) as db:
            accounts = [one for one in Accounts(db).list() if one.has_password]
    except ProvisioningError as failure:
        return error("accounts", "accounts_unread", reason=failure)
    usable = [one for one in accounts if not one.disabled]
    if not any(one.role is Role.ADMINISTRATOR for one in usable):
        return note("accounts", "no_administrator", data=data)
    return ok("accounts", "is", what=len(usable))


def check_certificate(path: Path, now: datetime) -> Finding:
    """Say until when a certificate is good."""
    try:
        end = ends_at(path)
    except ProvisioningError as failure:
        return error("certificate", "certificate_unread", reason=failure)
    until = f"{end:%d/%m/%Y}"
    if end <= now:
        return error("certificate", "certificate_over", until=until)
    if end - now < _SOON:
        return note("certificate", "certificate_ends", until=until)
    return ok("certificate", "certificate_good", until=until)
