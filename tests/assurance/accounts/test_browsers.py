"""A person recognises his devices."""

import pytest

from assurance.accounts.browsers import browser_named

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "


class TestABrowser:
    @pytest.mark.parametrize(
        ("agent", "name"),
        [
            (WINDOWS + "Chrome/126.0.0.0 Safari/537.36", "Chrome · Windows"),
            (WINDOWS + "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge · Windows"),
            (IPHONE + "Version/17.5 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
            (IPHONE + "Mobile/15E148 MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN", "WeChat · iPhone"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux"),
            ("Mozilla/5.0 (Linux; Android 14; ELS-AN00) Chrome/114.0 Mobile Safari/537.36 HuaweiBrowser/14.0", "Huawei Browser · Android"),
            ("curl/8.5.0", "curl"),
            ("wombat", "wombat"),
            ("", ""),
        ],
    )
    def test_is_named_with_its_system(self, agent: str, name: str) -> None:
        assert browser_named(agent) == name
