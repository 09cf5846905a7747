"""Finds and parses the project's own sources, once for all architecture tests."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Imports run one way: each app may import those of lower rank. intervention and budgets don't know each other.
APPS = ("organization", "documents", "intervention", "budgets", "settlements", "config")


@cache
def modules(*apps: str) -> tuple[Path, ...]:
    """Python modules of the apps (all by default), migrations left out: they are history."""
    return tuple(
        path
        for app in apps or APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    )


@cache
def templates() -> tuple[Path, ...]:
    """Every template, those inside apps included."""
    found = sorted((ROOT / "templates").rglob("*.html"))
    return (*found, *(path for app in APPS for path in sorted((ROOT / app).rglob("templates/**/*.html"))))


@cache
def tree(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def docstrings(path: Path) -> frozenset[int]:
    """Identities of the nodes that are docstrings."""
    return frozenset(
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    )


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """String literals of a module with their lines, docstrings left out."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings(path):
            yield node.lineno, node.value


def name(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


def place(path: Path, line: int) -> str:
    """``file:line``, as editors open it."""
    return f"{name(path)}:{line}"
