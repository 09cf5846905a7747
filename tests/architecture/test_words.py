"""Every word that a person reads goes through gettext, and the English catalogue is complete and compiled."""

import gettext
import re
import shutil
import subprocess
import sys

import pytest

from tests.architecture.sources import APPS, ROOT, modules, name, place, templates, texts

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TRANSLATED = (
    re.compile(r"\{%-?\s*comment\b.*?endcomment\s*%\}", re.S),
    re.compile(r"\{#.*?#\}"),
    re.compile(r"\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}", re.S),
    re.compile(r"\{%\s*trans(?:late)?\b.*?%\}", re.S),
    re.compile(r"""_\((?:"[^"]*"|'[^']*')\)"""),
)


def catalogue(path):
    """A compiled catalogue as a dictionary, its head left out."""
    with path.open("rb") as file:
        messages = dict(gettext.GNUTranslations(file)._catalog)
    messages.pop("", None)
    return messages


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """All texts of the sources, collected anew into a copy of the catalogue."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in (*APPS, "templates", "locale"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "fonts", "vendor"))
    shutil.copy(ROOT / "manage.py", copy)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-wrap", "--no-obsolete"],
        cwd=copy,
        check=True,
        capture_output=True,
    )
    return copy / "locale" / "en" / "LC_MESSAGES" / "django.po"


def listed(po, *options):
    """Message ids of a catalogue that an option of msgattrib selects."""
    found = subprocess.run(["msgattrib", "--no-wrap", *options, po], check=True, capture_output=True, text=True)
    return [line for line in found.stdout.splitlines() if re.match(r'msgid (?!"")', line)]


def test_every_text_has_its_english(collected):
    missing = listed(collected, "--untranslated") + listed(collected, "--only-fuzzy")
    assert not missing, "run 'make messages' and translate:\n" + "\n".join(missing)


def test_no_english_text_is_left_in_chinese(collected):
    subprocess.run(["msgfmt", "-o", collected.with_suffix(".mo"), collected], check=True)
    still = [
        key
        for key, value in catalogue(collected.with_suffix(".mo")).items()
        if CHINESE.search(re.sub(r"《[^》]*》|“[^”]*”|\"[^\"]*\"", "", value))
    ]
    assert not still, still


def test_the_compiled_catalogue_is_that_of_its_source(tmp_path):
    fresh = tmp_path / "fresh.mo"
    subprocess.run(["msgfmt", "-o", fresh, CATALOGUE / "django.po"], check=True)
    assert catalogue(fresh) == catalogue(CATALOGUE / "django.mo"), "run 'make messages'"


def test_formats_of_a_text_and_its_english_agree():
    subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", CATALOGUE / "django.po"], check=True)


def test_templates_show_no_chinese_outside_translation():
    wrong = []
    for path in templates():
        if "print" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        for pattern in TRANSLATED:
            text = pattern.sub(lambda match: "\n" * match.group().count("\n"), text)
        wrong += [
            f"{place(path, n)} {line.strip()}" for n, line in enumerate(text.splitlines(), 1) if CHINESE.search(line)
        ]
    assert not wrong, "\n".join(wrong)


# Data, not words of the page: names of the demonstration, headings and dates as clerks' workbooks write them, the guide's
# other titles for search, amounts in capitals (Chinese by law), 简体中文 in the list of languages.
CHINESE_DATA = (
    "config/cast.py",
    "config/story/",
    "config/settings.py",
    "budgets/cells.py",
    "budgets/columns.py",
    "budgets/heads.py",
    "budgets/line_forms.py",
    "budgets/numbers.py",
    "budgets/workbooks/",
    "documents/money.py",
    # Types and dates as people write them.
    "organization/calendar_text.py",
    # Subjects that carry no commission, as the guide names them.
    "documents/policies.py",
    # Paper is always Chinese (design 21): its words are never translated, like those of the print templates.
    "documents/rendering/",
    "documents/searching.py",
    "documents/templatetags/documents_ui.py",
)


def test_modules_hold_no_chinese_outside_gettext():
    """A literal with Chinese stands inside a call of gettext; data are listed above."""
    import ast

    from tests.architecture.sources import tree

    wrong = []
    for path in modules():
        if name(path).startswith(CHINESE_DATA):
            continue
        inside = set()
        for node in ast.walk(tree(path)):
            called = getattr(node, "func", None)
            if isinstance(node, ast.Call) and getattr(called, "id", getattr(called, "attr", "")) in {
                "_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy", "gettext_noop", "N_",
            }:  # fmt: skip
                inside |= {(child.lineno, child.value) for child in ast.walk(node) if isinstance(child, ast.Constant)}
        wrong += [
            f"{place(path, line)} {text[:40]!r}"
            for line, text in texts(path)
            if len(CHINESE.findall(text)) > 1 and (line, text) not in inside
        ]
    assert not wrong, "\n".join(wrong)
