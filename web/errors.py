"""What can go wrong in the web process."""


class WebError(Exception):
    """The base of the web process's errors."""


class AddressError(WebError):
    """The address cannot be served; the message says what to do."""


class QueryError(WebError):
    """What an address of the board asks for is not to be had; the message says what is."""


class RouteClassError(WebError):
    """A route does not say for whom it is; the message names it."""


class TargetError(WebError):
    """A webhook could not be delivered; the message says why."""


class BusyError(WebError):
    """Too many people want something slow at the same time."""


class SignInError(WebError):
    """Nobody was vouched for; the message says why, for the log."""
