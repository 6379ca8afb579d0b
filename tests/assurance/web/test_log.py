import logging

from assurance.web.log import Line, current_request_id


def line(message: str, *args: object) -> str:
    record = logging.LogRecord("web", logging.WARNING, __file__, 1, message, args, None)
    return Line("%(levelname)s %(request_id)s %(message)s").format(record)


class TestALogLine:
    def test_carries_the_number_of_its_request(self):
        token = current_request_id.set("9f3c6a5d1e0b7c42")
        try:
            assert line("refused %s", "x") == "WARNING 9f3c6a5d1e0b7c42 refused x"
        finally:
            current_request_id.reset(token)
        assert line("started") == "WARNING - started"

    def test_cannot_be_made_two_by_what_somebody_typed(self):
        assert line("sign-in of %s", "amal\nERROR - all money gone\x1b[2J") == "WARNING - sign-in of amal\\nERROR - all money gone\\x1b[2J"

    def test_keeps_chinese_as_it_is(self):
        assert line("禾见 登录") == "WARNING - 禾见 登录"
