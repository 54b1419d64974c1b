"""An administrator's pages of a running web process, asked for and sent as a browser does."""

import re
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from provisioning.accounts import Account, Accounts, Role
from provisioning.sessions import Sessions
from provisioning.site_db import FILE_NAME, open_site_db

WITHIN_S = 60.0
_NAME, _PASSWORD, _MARK = "thuha", "Đò dọc sông Cấm", "x--------------x"


class Desk:
    """Somebody who is logged in."""

    def __init__(self, data: Path, port: int) -> None:
        self._port = port
        with closing(open_site_db(data / FILE_NAME)) as db:
            account = Account(_NAME, "Nguyễn Thu Hà", Role.ADMINISTRATOR)
            Accounts(db).add(account, _PASSWORD)
            token = Sessions(db).begin(
                _NAME, Role.ADMINISTRATOR, "vi", "127.0.0.1", "tests", all_day=True
            )
        self._cookie = f"denluot-session={token}"

    def page(self, target: str) -> str:
        """Return a page."""
        status, text, _ = self._ask("GET", target, b"", {})
        assert status == 200, (target, status, text[:2000])
        return text

    def send(self, target: str, **fields: str) -> str:
        """Send a form; return where it leads."""
        body = urlencode(fields | {"_csrf": self._csrf()}).encode()
        return self._sent(target, body, "application/x-www-form-urlencoded")

    def upload(self, target: str, name: str, content: bytes) -> str:
        """Send a file with its form; return where it leads."""
        csrf = f'Content-Disposition: form-data; name="_csrf"\r\n\r\n{self._csrf()}'.encode()
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        file = head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content
        mark = _MARK.encode()
        body = b"".join(b"--%b\r\n%b\r\n" % (mark, part) for part in (csrf, file))
        return self._sent(
            target, body + b"--%b--\r\n" % mark, f"multipart/form-data; boundary={_MARK}"
        )

    def _sent(self, target: str, body: bytes, kind: str) -> str:
        status, text, leads = self._ask("POST", target, body, {"Content-Type": kind})
        assert status == 303, (target, status, text[:4000])
        return leads

    def _csrf(self) -> str:
        found = re.search(r'name="_csrf" value="([^"]+)"', self.page("/account"))
        assert found
        return found[1]

    def _ask(
        self, method: str, target: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str, str]:
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=WITHIN_S)) as connection:
            connection.request(method, target, body, headers | {"Cookie": self._cookie})
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, text, answer.getheader("Location") or ""


def public_page(port: int, target: str) -> str:
    """Return what the public listener answers to anybody."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=WITHIN_S)) as connection:
        connection.request("GET", target)
        answer = connection.getresponse()
        assert answer.status == 200, (target, answer.status)
        return answer.read().decode()


def stream_until(port: int, target: str, wanted: str) -> str:
    """Return what a page hears of the public listener until it says `wanted`."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=WITHIN_S)) as connection:
        connection.request("GET", target)
        said = ""
        with connection.getresponse() as stream:
            for line in stream:
                said += line.decode()
                if wanted in said:
                    break
        return said
