"""What a program takes of resources/script: what it names, what that names, and nothing else."""

import ast

import pytest

from workbench import assets
from workbench.experiments import script_parts
from workbench.experiments.script_parts import FOLDER, parts, with_parts


def defined(text: str) -> set[str]:
    return {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def methods(text: str, name: str) -> set[str]:
    (found,) = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == name)
    return {node.name for node in found.body if isinstance(node, ast.FunctionDef)}


def test_a_program_gets_what_it_names_and_what_that_names() -> None:
    imports, pieces = with_parts("where = place('127.0.0.1:80')\n")
    assert (imports, defined(pieces)) == ("", {"place"})
    imports, pieces = with_parts("listener = listen()\n")
    assert "import socket" in imports
    assert {"listen", "Listener", "LocalFault", "family_of", "address_text"} <= defined(pieces)
    assert "Tap" not in defined(pieces)


def test_of_a_class_it_gets_the_methods_that_are_asked_for() -> None:
    _, pieces = with_parts("client = connect(to)\nclient.send(b'x')\n")
    assert {"__init__", "send"} <= methods(pieces, "Connection")
    assert not {"read_until", "abort"} & methods(pieces, "Connection")
    # A method that a kept one calls is kept; a text may name one, too.
    _, pieces = with_parts("client = connect(to)\nclient.read_exactly(4)\n")
    assert {"exactly", "receive", "ended"} <= methods(pieces, "Connection")
    _, pieces = with_parts("Talk(to, ('expect-end', 'FIN', 1))\n")
    assert "expect_end" in methods(pieces, "Talk")
    assert "silence" not in methods(pieces, "Talk")


def test_a_class_over_a_librarys_stays_whole() -> None:
    _, pieces = with_parts("Listing(to, '/')\n")
    assert {"makepasv", "ntransfercmd"} <= methods(pieces, "Session")


def test_a_dotted_module_is_imported_by_its_whole_name() -> None:
    imports, _ = with_parts("Lookup(to, 'www.lab.test', 'A')\n")
    assert {"import dns.message", "import dns.query"} <= set(imports.splitlines())


def test_every_part_is_plain_python_with_names_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    names = assets.names(FOLDER, ".py")
    assert len(names) > 10
    for name in names:
        tree = ast.parse(assets.read_text(name))
        assert ast.get_docstring(tree), name
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                # Only from its neighbours: a program is one file, and holds both.
                assert node.level == 1, (name, node.module)
                assert {alias.name for alias in node.names} <= set(parts().defined), (name, node.module)
    monkeypatch.setattr(assets, "names", lambda *_: ["one.py", "two.py"])
    monkeypatch.setattr(assets, "read_text", lambda _: "def same():\n    pass\n")
    parts.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"two\.py: same is defined twice"):
            script_parts.parts()
    finally:
        parts.cache_clear()


def test_what_is_taken_stands_before_what_needs_it() -> None:
    """A class or a table that is made while the program is read must find what it is made of."""
    for name in parts().defined:
        _, pieces = with_parts(f"print({name})\n")
        for node in ast.parse(pieces).body:
            if isinstance(node, ast.ClassDef):
                above = {base.id for base in node.bases if isinstance(base, ast.Name)}
                known = defined(pieces[: pieces.index(f"class {node.name}")])
                assert above <= known | {"Exception"}, (name, node.name)
