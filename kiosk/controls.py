"""What each control of a citizen's screen does, touched or chosen by key."""

from collections.abc import Callable

from kiosk.app import Kiosk


class Controls:
    """Does by name what buttons and tiles say; pages add theirs."""

    def __init__(self, kiosk: Kiosk) -> None:
        pages = kiosk.procedures
        self._with_value: dict[str, Callable[[str], None]] = {
            "choose": kiosk.choose,
            "field": pages.show_field,
            "letter": pages.show_letter,
            "procedure": pages.show,
            "typeLetter": kiosk.type_letter,
        }
        self._plain: dict[str, Callable[[], None]] = {
            "priority": kiosk.toggle_priority,
            "language": kiosk.toggle_language,
            "large": kiosk.toggle_large,
            "contrast": kiosk.toggle_contrast,
            "low": kiosk.toggle_low,
            "speech": kiosk.toggle_speech,
            "curtain": kiosk.toggle_curtain,
            "openCurtain": kiosk.open_curtain,
            "help": kiosk.call_help,
            "moreTime": kiosk.more_time,
            "finish": kiosk.finish,
            "closeNotice": kiosk.close_notice,
            "appointments": kiosk.ask_code,
            "eraseLetter": kiosk.erase_letter,
            "checkIn": kiosk.check_in,
            "takeLate": kiosk.take_late,
            "leaveCode": kiosk.leave_code,
            "takeAsked": kiosk.take_asked,
            "leaveAsked": kiosk.leave_asked,
            "askVoid": kiosk.ask_void,
            "keepNumber": kiosk.keep_number,
            "void": kiosk.void,
            "copy": kiosk.copy,
            "procedures": pages.open,
            "stepBack": pages.step_back,
            "otherWays": pages.other_ways,
            "toHome": pages.to_home,
            "printList": pages.print_list,
            "takeHere": pages.take_here,
        }

    def act(self, control: str, value: str = "") -> None:
        """Do what the control of that name does, with `value` where it takes one."""
        with_value = self._with_value.get(control)
        if with_value:
            with_value(value)
        else:
            self._plain[control]()

    def add(self, control: str, action: Callable[[], None]) -> None:
        """Let `control` do `action`."""
        self._plain[control] = action
