"""What an upgrade asks of apt and systemd, and what it makes of their answers."""

import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from provisioning.layout import Layout
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.machine import AptPackages, SystemdUnits, UnpackedPackages, web_health
from provisioning.upgrade.offer import Offer

WELL = (
    "Id=denluot-web.service\nActiveState=active\n\nId=denluot-clock.service\nActiveState=inactive\n"
)


WANTED = ("denluot-web.service", "denluot-clock.service", "denluot-backup.timer")


class Programs(SimpleNamespace):
    """Notes what is run, and answers `systemctl show`."""

    def __init__(self) -> None:
        super().__init__(ran=[], units=WELL, fails="", installed="", wanted=WANTED)

    def __call__(self, program: Sequence[str]) -> str:
        line = " ".join(program)
        self.ran.append(line)
        if self.fails and self.fails in line:
            raise UpgradeError("no")
        if program[0] == "dpkg-deb":
            return "cage, chrony\n"
        if program[0] == "dpkg-query":
            return str(self.installed)
        if "--property=Wants" in program:
            return f"{' '.join(self.wanted)}\n"
        return self._shown(program) if "show" in program else ""

    def _shown(self, program: Sequence[str]) -> str:
        """Return the units that were asked for, as systemd does: of the others it says nothing."""
        asked = [word for word in program if word.endswith(".service")]
        blocks = [block for block in self.units.split("\n\n") if block]
        return "\n\n".join(
            block for block in blocks if any(f"Id={name}\n" in block for name in asked)
        )


@pytest.fixture
def programs() -> SimpleNamespace:
    return Programs()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.settings.mkdir(parents=True)
    layout.units.mkdir(parents=True)
    layout.upgrade.mkdir(parents=True)
    return layout


def offer(layout: Layout) -> Offer:
    repository = layout.root / "my stick/bookworm"
    return Offer("0.3.0", "denluot-0.3.0", repository, (repository / "a.deb", repository / "b.deb"))


def test_apt_has_the_bundle_as_its_only_source(layout: Layout, programs: Programs) -> None:
    key = layout.settings / "archive-key.gpg"
    AptPackages(layout, programs, key).install(offer(layout))
    source = (layout.upgrade / "apt/sources.list").read_text()
    assert source == f"deb [signed-by={key}] file:{layout.root}/my%20stick/bookworm ./\n"
    configured, update, install = programs.ran
    assert configured == "dpkg --configure -a", "what a power cut left half done"
    assert "AllowUnauthenticated=false" in install
    assert f"sourcelist={layout.upgrade}/apt/sources.list" in update
    assert install.endswith(" -y install denluot-0.3.0")


def test_loose_packages_are_installed_from_their_files_and_nothing_else(
    layout: Layout, programs: Programs
) -> None:
    loose = replace(offer(layout), repository=None)
    AptPackages(layout, programs, layout.archive_key).install(loose)
    assert (layout.upgrade / "apt/sources.list").read_text() == ""
    first, second = loose.packages
    assert programs.ran[-1].endswith(f" -y install {first} {second}")


def test_a_release_may_need_more_of_debian_than_the_one_before(
    layout: Layout, programs: Programs
) -> None:
    layout.role_file.write_text("kiosk\n")
    AptPackages(layout, programs, layout.archive_key).install(offer(layout))
    asked = next(line for line in programs.ran if line.startswith("dpkg-deb"))
    assert asked.endswith("/b.deb Denluot-Role-kiosk")
    assert programs.ran[-1].endswith(" -y install denluot-0.3.0 cage chrony"), "in one go"


def test_an_old_release_leaves_as_a_package(layout: Layout, programs: Programs) -> None:
    programs.installed = (
        "rc |denluot-0.1.0|denluot-runtime-aaa (= 1), tzdata\n"
        "ii |denluot-0.2.0|denluot-runtime-bbb (= 1), tzdata\n"
        "ii |denluot-runtime-aaa|python3\n"
        "ii |denluot-runtime-bbb|python3\n"
    )
    AptPackages(layout, programs, layout.archive_key).remove("0.1.0")
    removed = [line.rpartition(" ")[2] for line in programs.ran if " -y remove " in line]
    assert removed == ["denluot-0.1.0", "denluot-runtime-aaa"], "and nothing else of the machine"


def test_below_another_root_packages_are_unpacked(layout: Layout, programs: Programs) -> None:
    packages = UnpackedPackages(layout, programs)
    packages.install(offer(layout))
    assert [line.split()[:2] for line in programs.ran] == [["dpkg-deb", "-x"]] * 2
    packages.remove("0.1.0")
    assert programs.ran[-1].endswith(str(layout.releases / "0.1.0"))


def test_the_units_are_those_of_the_release_that_is_current(
    layout: Layout, programs: Programs
) -> None:
    layout.role_file.write_text("server\n")
    units = SystemdUnits(layout, programs, lambda: "")
    units.stop()
    units.start()
    assert programs.ran == [
        "systemctl stop denluot.target denluot-*",
        f"{layout.current}/bin/denluot install",
        "systemctl daemon-reload",
        "systemctl start denluot.target",
    ]


def test_a_unit_that_is_not_active_is_trouble(layout: Layout, programs: Programs) -> None:
    units = SystemdUnits(layout, programs, lambda: "")
    web = {"denluot-web.service": "denluot-web.service"}
    assert units.failing() == {}
    programs.units = WELL.replace("=active", "=activating")
    assert units.failing() == web
    programs.units = WELL.replace("=active", "=failed")
    assert units.failing() == web
    programs.units = WELL + "\nId=denluot-first-code@1-9-9.service\nActiveState=activating\n"
    assert units.failing() == {}, "a window of the first start is open"
    programs.wanted = ()
    ill = SystemdUnits(layout, programs, lambda: "store unreadable")
    assert ill.failing() == {"health": "store unreadable"}


def test_the_next_start_resumes_by_the_release_that_was_proven(
    layout: Layout, programs: Programs
) -> None:
    units = SystemdUnits(layout, programs, lambda: "")
    units.prepare()
    units.prepare()
    link = layout.units / "multi-user.target.wants/upgrade-denluot.service"
    unit = link.read_text()
    assert f"ExecStart={layout.upgrading}/bin/denluot upgrade --resume\n" in unit
    units.settle()
    units.settle()
    assert not link.is_symlink()
    assert not (layout.units / "upgrade-denluot.service").exists()


@pytest.fixture
def pages() -> Iterator[SimpleNamespace]:
    """Pages that answer as a test says."""
    said = SimpleNamespace(status=200, body=b'{"store":"ok"}', port=0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(said.status)
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    said.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield said
    server.shutdown()
    thread.join(30)
    server.server_close()


def test_the_pages_of_this_machine_say_how_it_is(pages: SimpleNamespace) -> None:
    assert web_health("0.0.0.0", pages.port, secure=False) == ""  # noqa: S104
    pages.status, pages.body = 503, b'{"store": "unreadable"}'
    assert web_health("", pages.port, secure=False) == '{"store": "unreadable"}'
    assert web_health("127.0.0.1", pages.port, secure=True).startswith("web: ")


def test_pages_that_do_not_answer_are_trouble() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        assert web_health("127.0.0.1", nobody.getsockname()[1], secure=False).startswith("web: ")
