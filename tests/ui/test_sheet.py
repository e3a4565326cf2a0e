"""The style sheet: only tokens, only files that exist, nothing Qt complains about."""

import re

import pytest

from workbench import assets
from workbench.ui import theme
from workbench.ui.sheet import style_sheet
from workbench.ui.tokens import DARK, LIGHT, Tokens


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_the_sheet_names_only_tokens_and_files_that_exist(light: theme.Theme, tokens: Tokens) -> None:
    named: list[str] = []

    def image(name: str) -> str:
        assert assets.read_bytes(name)
        named.append(name)
        return name

    sheet = style_sheet(tokens, theme.metric, theme.fixed_font(), image)
    allowed = {*tokens[1:], tokens.faint, tokens.tint("error"), tokens.tint("warning")}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)) <= allowed
    assert named
    assert "gradient" not in sheet
    assert "shadow" not in sheet
    assert "{{" not in sheet
    assert sheet.count("{") == sheet.count("}")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_the_sheet_s_pictures_are_drawn_in_its_colours(tokens: Tokens) -> None:
    for name in assets.names(f"themes/{tokens.name}", ".svg"):
        colours = set(re.findall(r"#[0-9A-Fa-f]{6}", assets.read_text(name)))
        assert colours
        assert colours <= {tokens.muted, tokens.on_accent, tokens.text}, name
