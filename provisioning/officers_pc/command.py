"""`denluot ca export`."""

import argparse
import os
import sys
from pathlib import Path

from hall.words import N_
from hall.words.arguments import CommandParser, words_of
from provisioning.authority import PUBLIC_FILE
from provisioning.errors import ProvisioningError
from provisioning.layout import Layout
from provisioning.officers_pc.files import LINUX, ca_files, fingerprints_of

_MODE, _MODE_OF_PROGRAM = 0o644, 0o755


def command(arguments: list[str]) -> int:
    """Write the files for officers' PCs; return 0, or 1 where there is no authority."""
    t = words_of(os.environ)
    says = N_("Tệp để máy của cán bộ tin trang quản lý, bằng một lần bấm đúp.")
    parser = CommandParser("denluot ca", t(says), t)
    add = parser.add_argument
    add("what", choices=["export"], help=t("export: ghi các tệp denluot-ca"))
    add("--to", type=Path, metavar="DIR", default=Path(), help=t("thư mục, như thẻ nhớ"))
    add("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    layout = Layout(options.root)
    own = layout.authority_certificate
    authority = own if own.is_file() else layout.authority / PUBLIC_FILE
    try:
        files = ca_files(authority)
        sha1, sha256 = fingerprints_of(authority)
        options.to.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = options.to / name
            path.write_bytes(content)
            path.chmod(_MODE_OF_PROGRAM if name == LINUX else _MODE)
            sys.stdout.write(f"  + {path}\n")
    except (OSError, ProvisioningError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(t("Mời in lên giấy để cán bộ so:") + "\n")
    sys.stdout.write(f"  SHA-1   {sha1}\n  SHA-256 {sha256}\n")
    return 0
