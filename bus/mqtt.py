"""The bus over MQTT 3.1.1: clean sessions, QoS 0 and 1, a retained will."""

import logging
import random
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from bus.port import Handler, Incoming, LinkHandler, Will, matches

_log = logging.getLogger(__name__)

KEEPALIVE_S = 3
_RECONNECT_S = (1.0, 2.0, 3.0)
"""Boards are right again within 5 s of an outage's end, however long it was."""
_ANY_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which `ssl` has no name."""
_LOST_FROM = 3
"""Failed attempts after which, and after every further such number, a server is looked for."""
_LOOP_S = 1.0
_FROZEN_S = 4.0
"""A client that was silent for longer may have been given up: Mosquitto counts whole seconds."""
_CONNECT_TIMEOUT_S = 3.0
_FAREWELL_S = 1.0
"""How long a broker may take to confirm the last message of a client that stops."""
_REMEMBERED = 1000
_AT_ONCE = 8
"""Filters of one question: a broker may take long over each, and a link on which nothing is said
for two `KEEPALIVE_S` counts as lost."""
_CONFIRMED_WITHIN_S = 10.0
"""A node of a cluster without a majority takes connections, but confirms nothing."""
_REFUSALS = 3
"""How often a subscription may be refused, as by a cluster that chooses a leader, until it is what
this account may not read."""
_ASK_AGAIN_S = 10.0
"""How long a link waits until it asks once more for what was refused: a cluster may have healed.
To one of several nodes it asks for everything again, once: a cluster that chooses leaders confirms,
but leaves out what is retained, and nobody knows that who was on a node that died had been away."""


SYSTEM_CAS = "system"
"""Names, in the place of a CA file, the authorities that this machine trusts."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who connects where: one MQTT identity, for one process of it."""

    host: str
    """A name or address; one that begins with `/` is a Unix socket, which proves who listens."""
    port: int
    process: str
    username: str
    password: str
    ca_file: str | None = None
    """The broker proves itself by a certificate of this CA (a file, or `SYSTEM_CAS`), or is not
    spoken to; None speaks in clear."""
    server_name: str = ""
    """The name that the certificate must be for, at whatever address; empty takes `host`."""
    others: tuple[tuple[str, int], ...] = ()
    """Hosts and ports of the same broker's other nodes, tried in turn."""
    subscribe_qos: int = 1
    """0 is for a NATS cluster, which makes a group of its nodes for every filter of QoS 1."""


class MqttBus:
    """A client of an MQTT broker that reconnects by itself.

    One thread of its own connects, reads and writes; after a lost link it tries again in 1, 2 and
    then every 3 s, each with up to half a second of jitter from `rng`. A process that was frozen
    for longer than its broker waits drops what came in meanwhile, which others have acted upon,
    and connects again.
    """

    def __init__(
        self,
        account: Account,
        rng: random.Random,
        will: Will | None = None,
        find: Callable[[str], list[str]] | None = None,
    ) -> None:
        """Speak as `account`; `find` tells by its fixed name where a server may be by now."""
        self._account = account
        self._find = find or _find_in_network
        self._hosts = [(account.host, account.port), *account.others]
        self._host = self._hosts[0]
        # Nobody who may only connect can guess it and throw this client out.
        self._client_id = f"{account.username}-{account.process}-{rng.getrandbits(32):08x}"
        self._rng = rng
        # Guards that what is subscribed while a link comes up is subscribed once, not never.
        self._lock = threading.Lock()
        self._greeted = False
        self._asked: dict[int, list[str]] = {}
        """The filters of every question that is not answered, by its packet id."""
        self._to_ask: list[str] = []
        """What is asked for when the question before it is answered."""
        self._ask_later: list[str] = []
        """What was refused, or may have been answered without what is retained."""
        self._ask_again_at = 0.0
        self._heard_at = 0.0
        self._subscriptions: list[tuple[str, Handler]] = []
        self._link_handlers: list[LinkHandler] = []
        self._stopping = threading.Event()
        self._linked = False
        self._failures = 0
        self._refusals = 0
        self._awake_at = time.monotonic()
        self._thread: threading.Thread | None = None
        self._newest: paho.MQTTMessageInfo | None = None
        self._once: deque[int] = deque(maxlen=_REMEMBERED)
        """The packet ids of what is not sent again on the next link."""
        self._tls: _NamedServerContext | None = None
        self._client = self._make_client(will)

    @property
    def connected(self) -> bool:
        """Return whether the link is up now."""
        return self._linked

    def subscribe(self, topic_filter: str, handler: Handler) -> None:
        """Call `handler` for every message on topics that match."""
        with self._lock:
            self._subscriptions = [*self._subscriptions, (topic_filter, handler)]
            if self._greeted:
                self._ask([topic_filter])

    def unsubscribe(self, topic_filter: str) -> None:
        """Hear no more of what was subscribed as `topic_filter`."""
        with self._lock:
            self._subscriptions = [one for one in self._subscriptions if one[0] != topic_filter]
            if self._greeted:
                self._client.unsubscribe(topic_filter)

    def on_link(self, handler: LinkHandler) -> None:
        """Call `handler` whenever the link comes or goes."""
        self._link_handlers.append(handler)

    def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, once: bool = False
    ) -> bool:
        """Send a message and return whether a live link took it; without a link it is dropped."""
        if not self._linked:
            return False
        self._newest = self._client.publish(topic, payload, qos=1, retain=retain)
        if once:
            self._once.append(self._newest.mid)
        return True

    def confirmed(self, within_s: float) -> bool:
        """Return whether the broker has what was published last, or says so within `within_s`."""
        newest = self._newest
        if not self._linked or newest is None:
            return self._linked
        try:
            newest.wait_for_publish(within_s)
            return newest.is_published()
        except RuntimeError:  # the link was lost before it was sent
            return False

    def start(self) -> None:
        """Connect, and keep connecting."""
        name = f"mqtt-{self._client_id}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Disconnect in good order, as soon as the broker has what was published."""
        foreign = self._thread is not threading.current_thread()
        if foreign:
            # Who closes a connection with answers unread takes back what the broker has not read.
            self.confirmed(_FAREWELL_S)
        self._stopping.set()
        self._client.disconnect()
        if self._thread and foreign:
            self._thread.join(timeout=5)

    def _make_client(self, will: Will | None) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._client_id,
            protocol=paho.MQTTv311,
            clean_session=True,
            reconnect_on_failure=False,
            transport="unix" if self._account.host.startswith("/") else "tcp",
        )
        client.username_pw_set(self._account.username, self._account.password)
        client.connect_timeout = _CONNECT_TIMEOUT_S
        client.max_inflight_messages = 0  # no limit: what waits is not sent before a farewell
        if self._account.ca_file:
            self._tls = self._tls_context(self._account.ca_file)
            client.tls_set_context(self._tls)
        if will:
            client.will_set(will.topic, will.payload, qos=1, retain=True)
        client.on_message = self._on_message
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_socket_open = _send_at_once
        client.on_socket_register_write = _leave_writing_to_the_loop
        return client

    def _tls_context(self, ca_file: str) -> "_NamedServerContext":
        context = _NamedServerContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.server_name = self._account.server_name
        if context.server_name:  # a site's own authority: a wrong clock must not stop a hall
            context.verify_flags |= _ANY_TIME
        if ca_file == SYSTEM_CAS:
            context.load_default_certs()
        else:
            context.load_verify_locations(ca_file)
        return context

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look_elsewhere()
                self._host = self._hosts[self._failures % len(self._hosts)]
                host, port = self._host
                # A Unix socket has no port, but paho asks for one.
                self._client.connect(host, port or 1, keepalive=KEEPALIVE_S)
                self._serve()
            except (OSError, ValueError) as error:  # ValueError: a host such as `192.168.1..50`
                if self._failures == 0:
                    _log.warning(
                        "broker not reached, trying on host=%s port=%s error=%s",
                        self._account.host,
                        self._account.port,
                        error,
                    )
            except Exception:  # noqa: BLE001 - outermost: the process would live on, deaf
                _log.exception("broker link failed client=%s", self._client_id)
            self._lose_link()
            if self._tls:
                self._tls.close_newest()
            pause = _RECONNECT_S[min(self._failures, len(_RECONNECT_S) - 1)]
            self._failures += 1
            self._stopping.wait(pause + self._rng.random() / 2)

    def _look_elsewhere(self) -> None:
        """Ask the network where a server with a fixed name is that is not where it was.

        An address that is not its own cannot prove to be it, and hears no password.
        """
        lost = self._failures > 0 and self._failures % _LOST_FROM == 0
        if lost and self._account.server_name:
            known = [(self._account.host, self._account.port), *self._account.others]
            found = [(host, self._account.port) for host in self._find(self._account.server_name)]
            self._hosts = list(dict.fromkeys([*known, *found]))

    def _serve(self) -> None:
        """Read and write until the connection ends."""
        self._heard_at = self._awake_at = time.monotonic()
        while (
            self._client.loop(timeout=_LOOP_S) == paho.MQTT_ERR_SUCCESS and not self._was_frozen()
        ):
            self._awake_at = time.monotonic()
            if not self._linked and self._awake_at - self._heard_at > _CONFIRMED_WITHIN_S:
                return
            self._ask_again()
            if self._stopping.is_set():
                self._client.disconnect()

    def _ask_again(self) -> None:
        """Subscribe once more to what a link that is up may not have got."""
        if not self._linked or not self._ask_later or self._awake_at < self._ask_again_at:
            return
        with self._lock:
            self._to_ask, self._ask_later = [*self._to_ask, *self._ask_later], []
            self._ask_next()

    def _ask_next(self) -> None:
        """Subscribe to some more of what is to be asked for; the lock is held."""
        wanted = {topic_filter for topic_filter, _ in self._subscriptions}
        left = [one for one in self._to_ask if one in wanted]
        self._to_ask = left[_AT_ONCE:]
        if left:
            self._ask(left[:_AT_ONCE])

    def _ask(self, filters: list[str]) -> None:
        """Subscribe; the lock is held, so that no answer is taken before it is known to what."""
        qos = self._account.subscribe_qos
        message_id = self._client.subscribe([(one, qos) for one in filters])[1]
        if message_id is not None:
            self._asked[message_id] = filters

    def _was_frozen(self) -> bool:
        return time.monotonic() - self._awake_at > _FROZEN_S

    def _on_connect(
        self,
        client: paho.Client,
        _userdata: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        if reason.is_failure:
            _log.error("broker refused client=%s reason=%s", self._client_id, reason)
            return
        self._send_again(client)
        self._heard_at = time.monotonic()
        with self._lock:
            self._greeted = True
            self._asked, self._ask_later = {}, []
            self._to_ask = list(dict.fromkeys(one for one, _ in self._subscriptions))
            self._ask_next()
            nothing = not self._asked
        if nothing:
            self._take_link()

    def _on_message(
        self, _client: paho.Client, _userdata: object, message: paho.MQTTMessage
    ) -> None:
        if self._was_frozen():
            return
        incoming = Incoming(message.topic, bytes(message.payload), message.retain)
        for topic_filter, handler in self._subscriptions:
            if not matches(topic_filter, incoming.topic):
                continue
            try:
                handler(incoming)
            except Exception:  # noqa: BLE001 - outermost: paho's loop would end, deaf for good
                _log.exception("a message was dropped client=%s", self._client_id)

    def _send_again(self, client: paho.Client) -> None:
        """Send what the last link took along, but for what was meant for it alone."""
        self._newest = None
        for lost in client.drop_out_messages():
            if lost.mid not in self._once:
                self._newest = client.publish(lost.topic, lost.payload, lost.qos, lost.retain)
        self._once.clear()

    def _on_subscribe(
        self,
        client: paho.Client,
        _userdata: object,
        message_id: int,
        reasons: list[ReasonCode],
        _properties: object,
    ) -> None:
        refused = sum(reason.is_failure for reason in reasons)
        if refused and not self._linked:
            _log.error("broker refused client=%s subscriptions=%s", self._client_id, refused)
        self._heard_at = time.monotonic()
        with self._lock:
            asked = self._asked.pop(message_id, [])
            self._ask_later += [
                one for one, reason in zip(asked, reasons, strict=False) if reason.is_failure
            ]
            self._ask_again_at = self._heard_at + _ASK_AGAIN_S
            if not self._asked:
                self._ask_next()
            if self._asked or self._linked:
                return
            self._refusals = self._refusals + 1 if self._ask_later else 0
        if 0 < self._refusals < _REFUSALS:
            client.disconnect()
        else:
            self._take_link()

    def _take_link(self) -> None:
        """Count the link as up: the broker has every subscription now."""
        self._failures = 0
        self._hosts.sort(key=lambda host: host != self._host)
        if self._account.others:
            with self._lock:
                self._ask_later = list(dict.fromkeys(one for one, _ in self._subscriptions))
                self._ask_again_at = time.monotonic() + _ASK_AGAIN_S
        self._linked = True
        _log.info("broker link up client=%s", self._client_id)
        self._tell_link(up=True)

    def _on_disconnect(self, *_: object) -> None:
        self._lose_link()

    def _lose_link(self) -> None:
        with self._lock:
            self._greeted = False
        if not self._linked:
            return
        self._linked = False
        if not self._stopping.is_set():
            _log.warning("broker link lost client=%s", self._client_id)
        self._tell_link(up=False)

    def _tell_link(self, *, up: bool) -> None:
        for handler in self._link_handlers:
            try:
                handler(up)
            except Exception:  # noqa: BLE001 - outermost: the thread would end, deaf for good
                _log.exception("a link handler failed client=%s", self._client_id)


def _find_in_network(server_name: str) -> list[str]:
    from bus.discovery import addresses_of  # noqa: PLC0415 - most boxes never need it

    return addresses_of(server_name)


class _NamedServerContext(ssl.SSLContext):
    """Expects a fixed name of whoever answers, at whatever address: paho asks for the address."""

    server_name: str = ""
    newest: ssl.SSLSocket | None = None

    def wrap_socket(self, *args: Any, **more: Any) -> ssl.SSLSocket:  # noqa: ANN401 - ssl's own
        """Begin TLS as a client that asks for the server's name."""
        if self.server_name:
            more["server_hostname"] = self.server_name
        self.newest = super().wrap_socket(*args, **more)
        return self.newest

    def close_newest(self) -> None:
        """Close what paho leaves open after a handshake that failed."""
        if self.newest:
            self.newest.close()
            self.newest = None


def _leave_writing_to_the_loop(*_: object) -> None:
    """Make paho queue a packet and wake the loop, instead of writing where `publish` was called.

    Two threads that write to one socket overtake each other: a later message arrives first.
    """


def _send_at_once(_client: paho.Client, _userdata: object, sock: object) -> None:
    """Turn Nagle's algorithm off: with it every answer may wait 40 ms."""
    if isinstance(sock, socket.socket) and sock.family in {socket.AF_INET, socket.AF_INET6}:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
