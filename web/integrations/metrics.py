"""`/metrics`: the hall, the day and the process in numbers, in the text format of Prometheus."""

import asyncio
import os
import resource
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from litestar import Response, get
from litestar.di import NamedDependency

from bus.health import ServiceHealth, health_as
from bus.vocabulary import CounterStatus, TicketState
from hall.model import SERVICE, HallState
from provisioning.errors import SiteDbError
from provisioning.tokens import Scope
from provisioning.webhooks import Webhook, Webhooks
from wait_log.statistics import TicketLine
from web.day_log import DayRecord
from web.integrations.token_door import by_token

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
WAIT_BUCKETS_MIN = (1, 5, 10, 15, 20, 30, 45, 60, 90, 120)
_SECONDS = 60
_MB = 1_000_000

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Metric:
    """One family of samples: a name's suffix, labels and value each."""

    name: str
    kind: str
    help: str
    samples: Sequence[tuple[str, Labels, float]] = field(default_factory=tuple)


def exposition(metrics: Iterable[Metric]) -> str:
    """Return metrics as Prometheus reads them."""
    lines: list[str] = []
    for metric in metrics:
        if metric.samples:
            lines.append(f"# HELP {metric.name} {metric.help}")
            lines.append(f"# TYPE {metric.name} {metric.kind}")
            lines += [
                f"{metric.name}{suffix}{_label_text(labels)} {_number(value)}"
                for suffix, labels, value in metric.samples
            ]
    return "\n".join(lines) + "\n"


def _refused(hall: HallState) -> Mapping[str, int]:
    status = hall.devices.get(SERVICE)
    health = health_as(ServiceHealth, status.health if status else None)
    return health.refused_appointments


def hall_metrics(hall: HallState, at: datetime) -> Iterator[Metric]:
    """Return what the hall is like now; nothing of it while it is not known."""
    yield gauge("denluot_link_up", "Whether the broker is reached.", hall.linked)
    yield gauge("denluot_service_up", "Whether the queue service is there.", hall.service_there)
    yield Metric(
        "denluot_appointments_refused_total",
        "counter",
        "What was refused about appointments since the service started, by why.",
        [("", {"why": why}, count) for why, count in _refused(hall).items()],
    )
    services = hall.services.services if hall.services else ()
    yield Metric(
        "denluot_waiting",
        "gauge",
        "Tickets in line.",
        [("", {"service": one.service}, one.waiting) for one in services],
    )
    yield Metric(
        "denluot_service_open",
        "gauge",
        "Whether numbers are given.",
        [("", {"service": one.service}, one.open) for one in services],
    )
    counters = hall.board.counters if hall.board else ()
    yield Metric(
        "denluot_counters",
        "gauge",
        "Counters by what they do.",
        [
            ("", {"status": status.value}, sum(one.status is status for one in counters))
            for status in CounterStatus
        ]
        if counters
        else (),
    )
    outages = hall.board.outages if hall.board else ()
    yield Metric(
        "denluot_outage_seconds",
        "gauge",
        "For how long a system of others has been out.",
        [("", {"system": one.system}, (at - one.since).total_seconds()) for one in outages],
    )
    yield Metric(
        "denluot_device_up",
        "gauge",
        "Whether a device is there.",
        [
            (
                "",
                {"device": known.id, "role": known.role.value},
                bool((found := hall.devices.get(known.id)) and found.online),
            )
            for known in (hall.centre.devices if hall.centre else ())
        ],
    )
    machines = {
        device: status.machine
        for device, status in hall.devices.items()
        if status.online and status.machine
    }
    yield Metric(
        "denluot_device_disk_free_bytes",
        "gauge",
        "Room on the machine that a device is on, in steps of 100 MB.",
        [
            ("", {"device": device}, facts.disk_free_mb * _MB)
            for device, facts in sorted(machines.items())
            if facts.disk_free_mb is not None
        ],
    )
    yield Metric(
        "denluot_device_clock_ahead_seconds",
        "gauge",
        "How far a device's own clock is before the service's, in steps of 5 s.",
        [
            ("", {"device": device}, facts.clock_ahead_s)
            for device, facts in sorted(machines.items())
        ],
    )


def day_metrics(record: DayRecord) -> Iterator[Metric]:
    """Return what the log has of the day; it begins again with every day."""
    yield gauge("denluot_store_up", "Whether the log can be read.", record.readable)
    if not record.readable:
        return
    states = [line.state for line in record.lines]
    yield Metric(
        "denluot_tickets_today",
        "gauge",
        "Tickets of the business day by state.",
        [("", {"state": state.value}, states.count(state.value)) for state in TicketState],
    )
    yield _wait_histogram(record.lines)


def _wait_histogram(lines: Sequence[TicketLine]) -> Metric:
    waits = [line.wait_s for line in lines if line.wait_s is not None and not line.clock_suspect]
    samples: list[tuple[str, Labels, float]] = [
        ("_bucket", {"le": str(limit * _SECONDS)}, sum(wait <= limit * _SECONDS for wait in waits))
        for limit in WAIT_BUCKETS_MIN
    ]
    samples.append(("_bucket", {"le": "+Inf"}, len(waits)))
    samples += [("_sum", {}, sum(waits)), ("_count", {}, len(waits))]
    return Metric(
        "denluot_wait_seconds",
        "histogram",
        "From issue to first call, of the business day; over a doubtful clock left out.",
        samples,
    )


def webhook_metrics(webhooks: Sequence[Webhook]) -> Iterator[Metric]:
    """Return how far the receivers of events are."""
    for name, kind, text in (
        ("waiting", "gauge", "Messages that wait to be delivered."),
        ("delivered", "counter", "Messages that were taken."),
        ("failed", "counter", "Attempts that failed."),
        ("dropped", "counter", "Messages that nobody took in seven days."),
    ):
        suffix = "_total" if kind == "counter" else ""
        yield Metric(
            f"denluot_webhook_{name}{suffix}",
            kind,
            text,
            [("", {"webhook": str(one.id)}, getattr(one, name)) for one in webhooks],
        )


def process_metrics(began_s: float) -> Iterator[Metric]:
    """Return what the process uses, by the names that every exporter has."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = used.ru_utime + used.ru_stime
    yield gauge("process_cpu_seconds_total", "CPU time.", seconds, "counter")
    yield gauge("process_start_time_seconds", "When it began, since 1970.", began_s)
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names alone
    except (OSError, ValueError, IndexError):
        return
    yield gauge("process_resident_memory_bytes", "Memory.", pages * os.sysconf("SC_PAGE_SIZE"))
    yield gauge("process_open_fds", "Open files.", files)


@dataclass(frozen=True)
class MetricsSite:
    """What the metrics are made of."""

    hall: Callable[[], HallState]
    record: Callable[[], Awaitable[DayRecord]]
    webhooks: Webhooks
    now: Callable[[], datetime]
    began_s: float
    machine: Callable[[], list[Metric]] = list
    """What the machine is like; this blocks."""
    more: Callable[[], Iterable[Metric]] = tuple
    """What other rooms count."""


@get("/metrics", opt=by_token(Scope.METRICS, from_loopback=True), include_in_schema=False)
async def metrics(metrics_site: NamedDependency[MetricsSite]) -> Response[str]:
    """Answer with all of them."""
    record = await metrics_site.record()
    try:
        webhooks = await asyncio.to_thread(metrics_site.webhooks.list)
    except SiteDbError:
        webhooks = []
    found = [
        *hall_metrics(metrics_site.hall(), metrics_site.now()),
        *day_metrics(record),
        *webhook_metrics(webhooks),
        *metrics_site.more(),
        *await asyncio.to_thread(metrics_site.machine),
        *process_metrics(metrics_site.began_s),
    ]
    return Response(exposition(found), media_type=CONTENT_TYPE)


def gauge(name: str, text: str, value: float, kind: str = "gauge") -> Metric:
    """Return a metric of one sample."""
    return Metric(name, kind, text, [("", {}, value)])


def _label_text(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
