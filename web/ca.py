"""`/ca`: what an officer's PC needs so that it trusts these pages, before anybody can log in.

Offered over plain HTTP as well, where there is a public listener: a browser that does not trust the
site yet must not be taught to pass a warning. What proves the file is its fingerprint on paper.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from provisioning.errors import ProvisioningError
from provisioning.officers_pc.files import CERTIFICATE, LINUX, WINDOWS, ca_files, fingerprints_of
from web.access import PUBLIC, AnyRequest, words
from web.assets import STATIC

_STYLE = "ca.css"
_TYPES = {
    WINDOWS: "application/octet-stream",
    LINUX: "application/x-shellscript",
    CERTIFICATE: "application/pkix-cert",
}


@dataclass(frozen=True)
class CaSite:
    """The site's authority; None where these pages are no site's server."""

    authority: Path | None


@get("/ca", opt=PUBLIC)
async def ca_page(request: AnyRequest, ca: NamedDependency[CaSite]) -> Template:
    """Answer with one file for each kind of PC, and how to be sure of it."""
    t = words(request)
    try:
        sha1, sha256 = await asyncio.to_thread(fingerprints_of, _authority(ca))
    except ProvisioningError as error:
        raise NotFoundException(t("Không có trang này.")) from error
    files = {"windows": WINDOWS, "linux": LINUX, "certificate": CERTIFICATE}
    shown = {"t": t, "sha1": _grouped(sha1), "sha256": _grouped(sha256), "files": files}
    return Template("ca.html", context=shown)


@get("/ca/{name:str}", opt=PUBLIC)
async def ca_file(name: FromPath[str], ca: NamedDependency[CaSite]) -> Response[bytes]:
    """Answer with one of the files."""
    if name == _STYLE:
        style = await asyncio.to_thread((STATIC / _STYLE).read_bytes)
        return Response(style, media_type="text/css")
    try:
        content = (await asyncio.to_thread(ca_files, _authority(ca))).get(name)
    except ProvisioningError:
        content = None
    if content is None:
        raise NotFoundException("no such file")
    return Response(
        content,
        media_type=_TYPES[name],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


CA_ROUTES: list[ControllerRouterHandler] = [ca_page, ca_file]


def _authority(ca: CaSite) -> Path:
    if ca.authority is None:
        raise ProvisioningError("this machine is no site's server")
    return ca.authority


def _grouped(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
