"""Where everything lies on an installed machine; a test lays it out below a folder of its own."""

from dataclasses import dataclass
from pathlib import Path

AUTHORITY, BROKER, VOICES = "authority", "broker", "voices"
"""Folders of a server's data directory; the voices were installed on its pages, a file each."""
SERVER_FILE = "server.pem"

STAFF_PORT = 8443
"""Where the staff's pages are served by TLS, and boxes are paired."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of an installed machine, all below `root`."""

    root: Path = Path("/")

    @property
    def application(self) -> Path:
        """Return the folder of everything that a package brings."""
        return self.root / "opt/denluot"

    @property
    def current(self) -> Path:
        """Return the link to the release that runs; an upgrade moves it and nothing else."""
        return self.application / "current"

    @property
    def releases(self) -> Path:
        """Return the folder of releases that stand side by side, one folder per version."""
        return self.application / "releases"

    @property
    def runtimes(self) -> Path:
        """Return the folder of virtual environments, one per content of the lock file."""
        return self.application / "runtimes"

    @property
    def upgrading(self) -> Path:
        """Return the link to the release that upgrades this machine, there until it is done."""
        return self.application / "upgrading"

    @property
    def upgrade(self) -> Path:
        """Return the folder of an upgrade that goes on: journal, log, the copy that is tried."""
        return self.root / "var/lib/denluot-upgrade"

    @property
    def os_release(self) -> Path:
        """Return the file that says which Debian this is."""
        return self.root / "etc/os-release"

    @property
    def archive_key(self) -> Path:
        """Return the key that this machine was installed with and takes upgrades by."""
        return self.settings / "archive-key.gpg"

    @property
    def settings(self) -> Path:
        """Return the folder of what a person may edit: `device.toml`, on a server `centre.toml`."""
        return self.root / "etc/denluot"

    @property
    def device_file(self) -> Path:
        """Return the file of what this box has."""
        return self.settings / "device.toml"

    @property
    def centre_file(self) -> Path:
        """Return the file of what the centre is: read at the first start, then kept in store."""
        return self.settings / "centre.toml"

    @property
    def role_file(self) -> Path:
        """Return the file of the role that this machine was given."""
        return self.settings / "role"

    @property
    def authority_certificate(self) -> Path:
        """Return the certificate of the site's authority that this machine trusts."""
        return self.settings / "authority.crt"

    @property
    def data(self) -> Path:
        """Return the server's data directory, mode 0700, of user `denluot`: store, accounts."""
        return self.root / "var/lib/denluot"

    @property
    def screen_data(self) -> Path:
        """Return the screens' and devices' data directory, mode 0700, of user `denluot-screen`.

        Kiosk, boards, voice, windows and lines keep theirs here on every machine: on one that does
        all, the people in front of the kiosk stay apart from accounts and log.
        """
        return self.root / "var/lib/denluot-screen"

    @property
    def authority(self) -> Path:
        """Return the folder of the site's authority (server only)."""
        return self.data / AUTHORITY

    @property
    def server_certificate(self) -> Path:
        """Return the file with key and certificate of broker and staff pages (server only)."""
        return self.authority / SERVER_FILE

    @property
    def broker(self) -> Path:
        """Return the folder of the broker's generated files (server only)."""
        return self.data / BROKER

    @property
    def broker_socket(self) -> Path:
        """Return the socket by which a server's own processes reach the broker."""
        return self.runtime / "mqtt.sock"

    @property
    def broker_password(self) -> Path:
        """Return the file of this box's password at the broker, mode 0600, of `denluot-screen`."""
        return self.screen_data / "broker-password"

    @property
    def backups(self) -> Path:
        """Return the folder where backups go unless a site says otherwise."""
        return self.root / "var/backups/denluot"

    @property
    def runtime(self) -> Path:
        """Return the folder of sockets, which does not outlive a power cut."""
        return self.root / "run/denluot"

    @property
    def restart_request(self) -> Path:
        """Return the file by which a kiosk asks for a restart of the machine."""
        return self.root / "run/denluot-screen/restart-machine"

    @property
    def units(self) -> Path:
        """Return the folder of the systemd units that an installation enables."""
        return self.root / "etc/systemd/system"

    @property
    def users(self) -> Path:
        """Return the file of the machine's users, in which a name is looked up below any root."""
        return self.root / "etc/passwd"

    @property
    def share(self) -> Path:
        """Return the running release's files for the system: units, rules, and the like."""
        return self.current / "share"

    @property
    def system_settings(self) -> Path:
        """Return the folder of the machine's own settings."""
        return self.root / "etc"

    @property
    def screen_runtime(self) -> Path:
        """Return the folder of the screens' sockets, which does not outlive a power cut."""
        return self.root / "run/denluot-screen"

    @property
    def systemd(self) -> Path:
        """Return what is there while systemd runs this machine."""
        return self.root / "run/systemd/system"

    @property
    def video_outputs(self) -> Path:
        """Return the folder in which the kernel lists the sockets for screens."""
        return self.root / "sys/class/drm"

    @property
    def usb_printers(self) -> Path:
        """Return the folder of the kernel's own printer devices."""
        return self.root / "dev/usb"

    @property
    def devices(self) -> Path:
        """Return the folder of the machine's devices."""
        return self.root / "dev"

    @property
    def device_classes(self) -> Path:
        """Return the folder in which the kernel says what its devices are."""
        return self.root / "sys/class"

    @property
    def system_programs(self) -> Path:
        """Return the folder of the machine's programs."""
        return self.root / "usr"

    @property
    def clock_sources(self) -> Path:
        """Return the file by which chrony learns where the hall's clock is."""
        return self.root / "etc/chrony/sources.d/denluot.sources"

    @property
    def own_devices(self) -> Path:
        """Return the file of the server's own screens and lines that have their account."""
        return self.screen_data / "own-devices"

    @property
    def applied_device_file(self) -> Path:
        """Return the copy of `device.toml` as the last `denluot install` saw it."""
        return self.screen_data / "device.applied"
