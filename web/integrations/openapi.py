"""The OpenAPI document of `/api`: `python -m web.integrations.openapi > docs/openapi.json`."""

import sys
from functools import cache

import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from web.integrations.api import API_HANDLERS

API_VERSION = "1.0.0"
_DESCRIPTION = (
    "Figures, log and hall of one centre, for other programs. Every request carries a token in"
    " the header `Authorization: Bearer …`; an administrator makes it on the page"
    " /accounts/tokens. Instants are UTC, days are business days of the centre. No answer holds"
    " a ticket's own token, an account, or anything a person typed at a counter."
)


@cache
def openapi_document() -> bytes:
    """Return the document, as Litestar derives it from the routes themselves."""
    config = OpenAPIConfig(
        title="Đến Lượt",
        version=API_VERSION,
        description=_DESCRIPTION,
        components=Components(
            security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}
        ),
        security=[{"token": []}],
        use_handler_docstrings=True,
        render_plugins=[],
    )
    nothing = {"api": Provide(lambda: None, sync_to_thread=False)}
    app = Litestar(API_HANDLERS, dependencies=nothing, openapi_config=config, logging_config=None)
    schema = app.openapi_schema.to_schema()
    encoded = msgspec.json.encode(schema, enc_hook=_plain, order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def _plain(value: object) -> object:
    """Return the default of a field as JSON has it."""
    raise TypeError(f"no JSON for {value!r}")


if __name__ == "__main__":
    sys.stdout.buffer.write(openapi_document())
