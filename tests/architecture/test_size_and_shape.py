"""Tripwires: past one, split by verb, never by kind of class."""

import ast
import re

from tests.architecture.sources import APPS, ROOT, modules, name, place, templates, tree

MODULE_LINES, VIEW_LINES, TEMPLATE_LINES = 400, 25, 150
DRAWERS = re.compile(r"(^|/)(utils?|helpers?|common|misc)(\.py|/|$)")


def test_no_module_is_longer_than_400_lines():
    sources = [*modules(), *sorted((ROOT / "tests").rglob("*.py"))]
    long = {name(path): lines for path in sources if (lines := len(path.read_text().splitlines())) > MODULE_LINES}
    assert not long


def test_no_view_is_longer_than_25_lines():
    """Counted without decorators and docstring: fetch what this person may see, call one verb, answer."""
    long = []
    for path in modules():
        if path.stem not in {"views", "api"} and not {"views", "api"} & set(path.parent.parts):
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.FunctionDef):
                continue
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            if lines > VIEW_LINES:
                long.append(f"{place(path, node.lineno)} {node.name}: {lines} lines")
    assert not long, "\n".join(long)


def test_no_template_is_longer_than_150_lines():
    long = {
        name(path): lines
        for path in templates()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > TEMPLATE_LINES
    }
    assert not long


def test_there_is_no_drawer_without_a_name_of_its_own():
    found = [name(path) for app in APPS for path in (ROOT / app).rglob("*") if DRAWERS.search(name(path))]
    assert not found


def test_every_module_and_class_says_what_it_is():
    silent = []
    for path in modules():
        if path.name != "__init__.py" and not ast.get_docstring(tree(path)):
            silent.append(name(path))
        silent += [
            f"{place(path, node.lineno)} {node.name}"
            for node in tree(path).body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        ]
    assert not silent, "\n".join(silent)


def test_journeys_lie_in_their_folder():
    """``scripts/test.sh`` looks for them nowhere else."""
    mark = "mark." + "journey"
    outside = [
        name(path)
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if "journeys" not in path.parts and mark in path.read_text(encoding="utf-8")
    ]
    assert not outside
