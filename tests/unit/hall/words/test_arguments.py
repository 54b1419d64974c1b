import pytest

from hall.words import Words
from hall.words.arguments import CommandParser


@pytest.mark.parametrize(
    ("typed", "vietnamese", "english"),
    [
        ([], "còn thiếu FILE", "the following arguments are required: FILE"),
        (["a", "--x", "--y"], "không hiểu --x --y", "unrecognized arguments: --x --y"),
        (["a", "--count"], "--count: thiếu giá trị", "--count: expected an argument"),
        (["a", "--count", "so"], "--count: không thể là 'so'", "--count: invalid value: 'so'"),
        (["a", "--kind", "so"], "--kind: không thể là 'so'; chọn", "--kind: invalid choice: 'so'"),
        (["a", "--on", "--off"], "--off: không dùng cùng với --on", "--off: not allowed with --on"),
        (["a", "{0}", "%s"], "không hiểu {0} %s", "unrecognized arguments: {0} %s"),
    ],
)
def test_what_was_typed_wrong_is_said_in_both_languages(
    typed: list[str], vietnamese: str, english: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, begin, said in (("vi", "lỗi", vietnamese), ("en", "error", english)):
        parser = CommandParser("denluot toast", "", Words(lang))
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--count", type=int)
        parser.add_argument("--kind", choices=["rye", "wheat"])
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--on", action="store_true")
        either.add_argument("--off", action="store_true")
        with pytest.raises(SystemExit) as ended:
            parser.parse_args(typed)
        assert ended.value.code == 2
        assert f"denluot toast: {begin}: {said}" in capsys.readouterr().err
