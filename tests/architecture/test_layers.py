"""Imports run one way: organization → documents → {intervention, budgets} → settlements; config alone sees everything.

What names a later app without importing it counts as an import too: string foreign keys, ``apps.get_model``, names of urls
and templates.
"""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, ROOT, modules, name, place, templates, texts, tree

MAY_IMPORT = {
    "organization": {"organization"},
    "documents": {"organization", "documents"},
    "intervention": {"organization", "documents", "intervention"},
    "budgets": {"organization", "documents", "budgets"},
    "settlements": {"organization", "documents", "intervention", "budgets", "settlements"},
    "config": set(APPS),
}
URL_NAME = re.compile(r"^(organization|documents|intervention|budgets|settlements):[a-z][a-z_-]*$")
TEMPLATE = re.compile(r"^(organization|documents|intervention|budgets|settlements)/[\w/.-]+\.(html|txt)$")
MODEL = re.compile(r"^(organization|documents|intervention|budgets|settlements)\.[A-Z]\w+$")
IN_TEMPLATE = re.compile(
    r"""["'](organization|documents|intervention|budgets|settlements)(?::[a-z][a-z_-]*|/[\w/.-]+\.html)["']"""
)


def imported(node: ast.AST) -> list[str]:
    """First names of what an import statement brings in."""
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.split(".")[0]]
    return []


def named(text: str) -> str | None:
    """The app that a string literal names: an url, a template, a model."""
    for pattern in (URL_NAME, TEMPLATE, MODEL):
        if match := pattern.match(text):
            return match.group(1)
    return None


def get_model_calls(path: Path) -> list[tuple[int, str]]:
    """Apps named by the first argument of ``get_model`` and ``get_app_config``."""
    return [
        (node.lineno, str(node.args[0].value).split(".")[0])
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"get_model", "get_app_config"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


@pytest.mark.parametrize("app", APPS)
def test_an_app_knows_only_earlier_apps(app):
    wrong = []
    for path in modules(app):
        used = [(node.lineno, other) for node in ast.walk(tree(path)) for other in imported(node)]
        used += [(line, other) for line, text in texts(path) if (other := named(text))]
        used += get_model_calls(path)
        wrong += [
            f"{place(path, line)} names {other}"
            for line, other in used
            if other in APPS and other not in MAY_IMPORT[app]
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("app", APPS)
def test_the_templates_of_an_app_know_only_earlier_apps(app):
    wrong = [
        f"{name(path)} names {other}"
        for path in templates()
        if path.is_relative_to(ROOT / "templates" / app)
        for other in IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
        if other not in MAY_IMPORT[app]
    ]
    assert not wrong, "\n".join(wrong)


def test_shared_templates_know_documents_at_most():
    """The shell around every page takes the menu from ``config.shell`` and names no later app."""
    shared = [ROOT / "templates" / "base.html", *(ROOT / "templates" / "components").rglob("*.html")]
    wrong = [
        f"{name(path)} names {other}"
        for path in shared
        if path.exists()
        for other in IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
        if other not in MAY_IMPORT["documents"]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_app_imports_the_composition_root():
    wrong = [
        place(path, node.lineno)
        for path in modules(*APPS[:-1])
        for node in ast.walk(tree(path))
        if "config" in imported(node)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_signals_as_control_flow():
    """``post_migrate`` installs guards; nothing else listens to signals."""
    wrong = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module in {
                "django.db.models.signals",
                "django.dispatch",
                "django.core.signals",
            }:
                names = {alias.name for alias in node.names} - {"post_migrate"}
                wrong += [f"{place(path, node.lineno)} imports {', '.join(sorted(names))}"] if names else []
    assert not wrong, "\n".join(wrong)
