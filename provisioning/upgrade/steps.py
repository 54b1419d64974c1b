"""The steps of an upgrade, each of which a power cut may interrupt.

Until `current` points to the new release nothing in the hall has changed. From then on the journal
says what is left to do: watch, or go back. Data never go back: the release before runs on them.
"""

import logging
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from bus.versions import parse_version
from hall.words import N_
from provisioning.layout import Layout
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.journal import HALL_UNTOUCHED, Journal, JournalFile, Step
from provisioning.upgrade.offer import Offer

_log = logging.getLogger(__name__)

_READY_WITHIN_S = 180.0
_LOOK_EVERY_S = 1.0
_MOST_BAD_LOOKS = 5
"""A machine that has much to do may miss one or two."""

INTERRUPTED = "interrupted"
"""Why a release runs that was to be upgraded when the power went."""

Say = Callable[..., None]
"""Tells the person a text of the catalogue with its values."""


class Packages(Protocol):
    """How releases come onto this machine and leave it."""

    def install(self, offer: Offer) -> None:
        """Lay a release beside the others; doing it again is harmless."""

    def remove(self, version: str) -> None:
        """Take a release that nobody needs any more away."""


class Units(Protocol):
    """What runs on this machine."""

    @property
    def watched(self) -> bool:
        """Return whether somebody can say how they are; else a person starts them."""

    def prepare(self) -> None:
        """Have the next start of the machine go on with an upgrade that the power ended."""

    def settle(self) -> None:
        """Take that back: the upgrade is over."""

    def stop(self) -> None:
        """Stop everything of ours."""

    def start(self) -> None:
        """Start the release that is current, with its own units."""

    def failing(self) -> Mapping[str, str]:
        """Return what does not work, by its name; empty when all does."""


class Data(Protocol):
    """What must not be lost."""

    def room_for(self, offer: Offer) -> None:
        """Raise UpgradeError unless a backup, a copy and the release find room."""

    def back_up(self) -> None:
        """Make a backup and check it."""

    def copy(self, folder: Path) -> None:
        """Copy what the new release is tried on."""

    def try_release(self, release: Path, folder: Path) -> None:
        """Let a release run on the copy and prove itself; raises UpgradeError."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an upgrade ended."""

    release: str
    """What runs now."""
    why: str = ""
    """Why it is not the new one; empty when it is."""


class Upgrade:
    """One machine's upgrade; `wait` waits real seconds, `passing` is told every place it passes."""

    def __init__(
        self,
        layout: Layout,
        packages: Packages,
        units: Units,
        data: Data,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        wait: Callable[[float], object],
        say: Say,
        watch_s: float = 60.0,
        passing: Callable[[str], None] = lambda _place: None,
    ) -> None:
        self._layout = layout
        self._packages = packages
        self._units = units
        self._data = data
        self._now = now
        self._monotonic = monotonic
        self._wait = wait
        self._say = say
        self._watch_s = watch_s
        self._passing = passing
        self._file = JournalFile(layout.upgrade)
        self._trial = layout.upgrade / "trial"

    def run(self, offer: Offer) -> Outcome:
        """Put `offer` in the place of what runs; raises UpgradeError when it cannot begin."""
        self.resume()
        before = running_release(self._layout)
        _require_newer(before, offer.version)
        self._data.room_for(offer)
        journal = Journal(
            before=before,
            after=offer.version,
            step=Step.INSTALL,
            began=self._now(),
            failing=tuple(sorted(self._units.failing())),
        )
        try:
            self._file.write(journal)
            _link(self._layout.upgrading, f"releases/{before}")
            self._units.prepare()
            self._do(Step.INSTALL, lambda: self._packages.install(offer))
            _require_whole(self._layout.releases / offer.version)
            journal = self._enter(journal, Step.BACK_UP)
            self._do(Step.BACK_UP, self._data.back_up)
            journal = self._enter(journal, Step.COPY)
            self._do(Step.COPY, self._make_copy)
            journal = self._enter(journal, Step.TRY)
            release = self._layout.releases / offer.version
            self._do(Step.TRY, lambda: self._data.try_release(release, self._trial))
        except (UpgradeError, OSError) as error:
            self._abandon()
            self._say(N_("Không nâng cấp; phiên bản {version} vẫn chạy."), version=before)
            if isinstance(error, UpgradeError):
                raise
            raise UpgradeError(N_("Không ghi được: {error}"), error=error) from error
        return self._switch(journal)

    def resume(self) -> Outcome | None:
        """Finish what a power cut interrupted; return what came of it, None for nothing."""
        journal = self._file.read()
        if journal is None:
            self._units.settle()
            self._layout.upgrading.unlink(missing_ok=True)
            return None
        _log.info("upgrade found step=%s to=%s", journal.step, journal.after)
        if journal.step in HALL_UNTOUCHED:
            self._abandon()
            return Outcome(journal.before, INTERRUPTED)
        if journal.step is Step.CLEAN:
            return self._clean(journal)
        if journal.step is Step.GO_BACK:
            return self._go_back(journal)
        return self._switch(journal)

    def _switch(self, journal: Journal) -> Outcome:
        """Let the new release run, and the old one again when it does not work."""
        try:
            if journal.step is not Step.WATCH:
                journal = self._enter(journal, Step.SWITCH)
                self._do(Step.SWITCH, lambda: self._put(journal.after))
                journal = self._enter(journal, Step.WATCH)
            wrong = self._watched(journal.failing)
        except (UpgradeError, OSError) as error:
            wrong = str(error)
        if wrong:
            return self._go_back(replace(journal, why=wrong))
        return self._clean(self._enter(journal, Step.CLEAN))

    def _put(self, version: str, way: str = "") -> None:
        """Stop, move the link, start: what could not be moved runs on."""
        self._units.stop()
        self._passing(f"{way}stopped")
        try:
            _link(self._layout.current, f"releases/{version}")
            self._passing(f"{way}linked")
        finally:
            self._units.start()

    def _watched(self, before: Collection[str]) -> str:
        """Return what is wrong now and was not `before`, nothing when it stays well."""
        self._passing("watching")
        if not self._units.watched:
            return ""
        deadline = self._monotonic() + _READY_WITHIN_S
        while wrong := self._trouble(before):
            if self._monotonic() > deadline:
                return wrong
            self._wait(_LOOK_EVERY_S)
        self._say(
            N_("Phiên bản mới đã chạy; theo dõi thêm {seconds} giây."), seconds=round(self._watch_s)
        )
        bad_looks, until = 0, self._monotonic() + self._watch_s
        while self._monotonic() < until:
            self._wait(_LOOK_EVERY_S)
            wrong = self._trouble(before)
            bad_looks = bad_looks + 1 if wrong else 0
            if bad_looks >= _MOST_BAD_LOOKS:
                return wrong
        return ""

    def _trouble(self, before: Collection[str]) -> str:
        try:
            found = self._units.failing()
        except UpgradeError as error:  # nobody could say: one bad look more, and no verdict yet
            return str(error)
        return ", ".join(what for name, what in sorted(found.items()) if name not in before)

    def _go_back(self, journal: Journal) -> Outcome:
        try:
            self._enter(journal, Step.GO_BACK)
        except OSError as error:  # a full disk is no reason to stay with what does not work
            _log.error("journal not written, going back all the same error=%s", error)
        self._say(
            N_("Phiên bản {version} không chạy tốt: {why}. Trở lại phiên bản {before}."),
            version=journal.after,
            why=journal.why,
            before=journal.before,
        )
        self._do(Step.GO_BACK, lambda: self._put(journal.before, "back "))
        self._end()
        return Outcome(journal.before, journal.why)

    def _clean(self, journal: Journal) -> Outcome:
        """Take away the releases that are neither this one nor the one before."""
        kept = {journal.before, journal.after}
        others = [each.name for each in self._layout.releases.iterdir() if each.name not in kept]
        for version in sorted(others):
            try:
                self._do(Step.CLEAN, partial(self._packages.remove, version))
            except (UpgradeError, OSError) as error:
                _log.warning("old release stays version=%s error=%s", version, error)
        self._end()
        return Outcome(journal.after)

    def _make_copy(self) -> None:
        shutil.rmtree(self._trial, ignore_errors=True)
        self._trial.mkdir(parents=True, mode=0o700)
        self._layout.upgrade.chmod(0o711)  # the copy belongs to the account that tries it
        self._data.copy(self._trial)

    def _enter(self, journal: Journal, step: Step) -> Journal:
        journal = replace(journal, step=step)
        self._file.write(journal)
        return journal

    def _do(self, step: Step, action: Callable[[], object]) -> None:
        self._say(SAYS[step])
        _log.info("upgrade step=%s", step)
        self._passing(f"before {step}")
        action()
        self._passing(f"after {step}")

    def _abandon(self) -> None:
        """Leave nothing of an upgrade that did not reach the hall but the packages."""
        _log.info("upgrade given up, the hall was not touched")
        self._end()

    def _end(self) -> None:
        shutil.rmtree(self._trial, ignore_errors=True)
        self._file.end()
        self._units.settle()
        self._layout.upgrading.unlink(missing_ok=True)


SAYS = {
    Step.INSTALL: N_("Cài phiên bản mới bên cạnh phiên bản đang chạy…"),
    Step.BACK_UP: N_("Sao lưu dữ liệu…"),
    Step.COPY: N_("Chép dữ liệu để chạy thử…"),
    Step.TRY: N_("Chạy thử phiên bản mới trên bản chép: lấy số, gọi, hiện trên bảng…"),
    Step.SWITCH: N_("Chuyển sang phiên bản mới…"),
    Step.WATCH: N_("Theo dõi phiên bản mới…"),
    Step.GO_BACK: N_("Trở lại phiên bản trước…"),
    Step.CLEAN: N_("Gỡ phiên bản cũ không còn dùng…"),
}


def running_release(layout: Layout) -> str:
    """Return the version that `current` points to; raises UpgradeError."""
    try:
        target = layout.current.readlink()
    except OSError as error:
        raise UpgradeError(
            N_("Máy này chưa cài Đến Lượt ({path}). Xin cài trước bằng install.sh."),
            path=layout.current,
        ) from error
    return target.name


def _require_newer(before: str, after: str) -> None:
    ours, new = parse_version(before), parse_version(after)
    if ours is None or new is None or new <= ours:
        raise UpgradeError(
            N_("Đang chạy phiên bản {before}; gói là phiên bản {after}, không mới hơn."),
            before=before,
            after=after,
        )


def _require_whole(release: Path) -> None:
    if not os.access(release / "bin/denluot", os.X_OK):
        raise UpgradeError(
            N_("Phiên bản mới cài chưa đủ: thiếu {path}"), path=release / "bin/denluot"
        )


def _link(link: Path, target: str) -> None:
    """Let `link` point to `target` from one moment to the next, durably."""
    if link.is_symlink() and str(link.readlink()) == target:
        return
    draft = link.with_name(f".{link.name}.new")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(link)
    folder = os.open(link.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
