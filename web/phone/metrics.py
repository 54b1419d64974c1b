"""What `/metrics` says of citizens' phones: how many follow, and who was turned away."""

from collections.abc import Iterator

from web.integrations.metrics import Metric, gauge
from web.phone.routes import PhoneSite


def phone_metrics(phone: PhoneSite) -> Iterator[Metric]:
    """Return what is counted of phones; never which."""
    phones, codes = phone.phones, phone.codes
    yield gauge("denluot_phones", "Phones that are told live.", phones.count)
    for name, text, count in (
        ("refused", "Phones that found no place.", phones.refused),
        ("wrong_codes", "Codes that were not those of their number.", codes.wrong),
        (
            "codes_refused",
            "Codes that were not looked at, after too many wrong ones.",
            codes.refused,
        ),
    ):
        yield gauge(f"denluot_phones_{name}_total", text, count, "counter")
