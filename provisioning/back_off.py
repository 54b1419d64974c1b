"""How long somebody waits after wrong passwords: kept over restarts, never for ever.

A browser that has once logged in as an account is known by a cookie of its own and counted alone,
so that others' guesses, wherever they come from, keep nobody from the computer they work at.
"""

import secrets
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from provisioning.sessions import digest
from provisioning.site_db import SiteDb

_US = 1_000_000
_FORGOTTEN_US = 3600 * _US
_MOST_BROWSERS = 20


@dataclass(frozen=True, slots=True)
class _Rule:
    free: int
    """Wrong passwords before anybody waits; from there 1, 2, 4, … s."""
    longest_s: int


_BROWSER = _Rule(free=5, longest_s=60)
_PAIR = _Rule(free=5, longest_s=60)
_ADDRESS = _Rule(free=30, longest_s=30)
_ACCOUNT = _Rule(free=50, longest_s=5)


class BackOff:
    """Counts wrong passwords. Blocking; raises SiteDbError."""

    def __init__(self, db: SiteDb) -> None:
        self._db = db

    def admit(self, account: str, address: str, browser: str = "") -> float:
        """Return for how many seconds to wait; 0 admits one attempt and counts it as wrong.

        It is counted before it is checked: a thousand at once are not a thousand first ones.
        """
        keys = self._keys(account, address, browser)
        if wait_s := self._wait_s(keys):
            return wait_s
        with self._db.write() as connection:
            at_us = self._db.now_us()
            connection.execute("DELETE FROM back_off WHERE failed_us < ?", (at_us - _FORGOTTEN_US,))
            if wait_s := self._wait_s(keys):
                return wait_s
            for key, rule in keys.items():
                row = connection.execute(
                    "INSERT INTO back_off (key, failures, failed_us, until_us) VALUES (?, 1, ?, 0)"
                    " ON CONFLICT (key) DO UPDATE SET failures = failures + 1, failed_us = ?"
                    " RETURNING failures",
                    (key, at_us, at_us),
                ).fetchone()
                over = row["failures"] - rule.free
                if over >= 0:
                    wait_us = min(2 ** min(over, 10), rule.longest_s) * _US
                    connection.execute(
                        "UPDATE back_off SET until_us = ? WHERE key = ?", (at_us + wait_us, key)
                    )
        return 0.0

    def succeeded(self, account: str, address: str, browser: str = "") -> None:
        """Take back what the right password was counted as, and what it proves to be slips.

        Others' guesses at the same account, or from the same address, stay counted.
        """
        own, *shared = self._keys(account, address, browser)
        with self._db.write() as connection:
            slips = connection.execute(
                "DELETE FROM back_off WHERE key = ? RETURNING failures", (own,)
            ).fetchall()
            for key in shared:
                connection.execute(
                    "UPDATE back_off SET failures = max(0, failures - ?) WHERE key = ?",
                    (slips[0]["failures"] if slips else 0, key),
                )

    def know_browser(self, account: str, browser: str) -> str:
        """Return the secret by which a browser that has logged in is known from now on."""
        secret = browser if self._knows(account, browser) else secrets.token_urlsafe(32)
        with self._db.write() as connection:
            connection.execute(
                "INSERT INTO known_browsers (digest, account, used_us) VALUES (?, ?, ?)"
                " ON CONFLICT (digest) DO UPDATE SET used_us = excluded.used_us",
                (digest(secret), account, self._db.now_us()),
            )
            connection.execute(
                "DELETE FROM known_browsers WHERE account = ? AND digest NOT IN (SELECT digest"
                " FROM known_browsers WHERE account = ? ORDER BY used_us DESC LIMIT ?)",
                (account, account, _MOST_BROWSERS),
            )
        return secret

    def _knows(self, account: str, browser: str) -> bool:
        query = "SELECT 1 FROM known_browsers WHERE digest = ? AND account = ?"
        return bool(browser and self._db.read(query, (digest(browser), account)))

    def _keys(self, account: str, address: str, browser: str) -> dict[str, _Rule]:
        if self._knows(account, browser):
            return {f"b:{digest(browser).hex()}": _BROWSER}
        network = _network(address)
        return {
            f"p:{account[:64]}|{network}": _PAIR,
            f"h:{network}": _ADDRESS,
            f"a:{account[:64]}": _ACCOUNT,
        }

    def _wait_s(self, keys: dict[str, _Rule]) -> float:
        at_us, longest_us = self._db.now_us(), 0
        for key, rule in keys.items():
            rows = self._db.read("SELECT until_us FROM back_off WHERE key = ?", (key,))
            left_us = rows[0]["until_us"] - at_us if rows else 0
            # More than it can ever be: the clock was put back, and nobody waits for that.
            if left_us <= rule.longest_s * _US:
                longest_us = max(longest_us, left_us)
        return longest_us / _US


def _network(address: str) -> str:
    """Return whose address it is: one machine has a whole /64 of IPv6 to itself."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)  # noqa: PLR2004 - the protocol's number
