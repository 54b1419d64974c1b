"""What came with a form, within bounds."""

from dataclasses import dataclass

from litestar.datastructures import FormMultiDict

from web.access import AnyRequest

_MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form; what is missing, too long or no text reads as empty."""

    fields: FormMultiDict

    @classmethod
    def empty(cls) -> "Form":
        """Return a form in which nothing was typed."""
        return cls(FormMultiDict())

    def text(self, name: str, most: int = 200) -> str:
        """Return what was typed into a field."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) and len(value) <= most else ""

    def all(self, name: str) -> list[str]:
        """Return what was ticked of several."""
        values = self.fields.getall(name, [])[:_MOST_VALUES]
        return [value for value in values if isinstance(value, str)]


async def read_form(request: AnyRequest) -> Form:
    """Return the fields that came with a request."""
    return Form(await request.form())
