"""What the code never does, each with its reason."""

import ast
import re

from django.apps import apps

from tests.architecture.sources import modules, name, place, templates, tree

# Where rows may be read from a bare manager: models, reads that are given a person or a document already permitted, verbs,
# commands (design 16). A closed list: a new module is weighed before it is written here.
READERS = re.compile(
    r"^("
    r"documents/(models|circulation|management/commands|rendering|verifying)/"
    r"|intervention/models/"
    r"|intervention/assessing/(queries|opening|facts|keeping|reminding)\.py"
    r"|budgets/(models|management/commands)/"
    r"|settlements/(models|management/commands)/"
    r"|documents/(queries|inbox|permissions|presenting|standing|way|drafting|numbering|trail|noticing|mailing|policies"
    r"|revisions|downloads|papers|requiring|reminding)\.py"
    r"|intervention/(queries|planning|previewing|phasing|ticking|log|journal|reminding|templating|drafting|registration|verifying|photos"
    r"|numbering|comparing)\.py"
    r"|intervention/papers/(queries|drafting|finding|publicity|agreement|reminding|verifying)\.py"
    r"|intervention/site/(queries|reminding|visiting|finding|meeting|guarding|reporting|report_runs|verifying)\.py"
    r"|intervention/daily/(queries|writing|confirming|evidence)\.py"
    r"|intervention/planning_work/(queries|advising|surveying)\.py"
    r"|budgets/(queries|shared_lines|categorising|drafting|splitting|confirming|counting|lapsing|deadlines|reminding|registration"
    r"|rests|taking|verifying)\.py"
    r"|settlements/(queries|ageing|comparing|overview|applying|deadlines|reminding|candidates|gathering|permissions"
    r"|reckoning|registration|retelling|reversing|standing|verifying)\.py"
    r"|settlements/packs/"
    r")"
)


def calls(path):
    """Every call in a module."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def test_state_is_never_written_round_the_verbs():
    """``update()`` passes the transition table by."""
    wrong = [
        place(path, call.lineno)
        for path in modules()
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"update", "bulk_update"}
        and any(keyword.arg == "state" for keyword in call.keywords)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_let_through_unescaped_or_unchecked():
    banned = {"mark_safe", "csrf_exempt", "extra", "RawSQL", "eval", "exec"}
    wrong = [
        f"{place(path, call.lineno)} {called}"
        for path in modules()
        for call in calls(path)
        if (called := getattr(call.func, "attr", getattr(call.func, "id", ""))) in banned
    ]
    wrong += [
        f"{place(path, node.lineno)} imports {alias.name}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in {"mark_safe", "csrf_exempt"}
    ]
    assert not wrong, "\n".join(wrong)


def test_money_never_passes_through_a_float():
    """Elsewhere than in measures of pages (rendering) nothing is a float. Workbooks hold floats by their format: their reader
    hands them on as they are, and ``budgets.numbers`` makes exact numbers of them."""
    wrong = [
        place(path, node.lineno)
        for path in modules("organization", "documents", "intervention", "budgets", "settlements")
        if not {"rendering", "workbooks"} & set(path.parts)
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float")
        or getattr(node, "attr", getattr(node, "id", "")) == "FloatField"
    ]
    assert not wrong, "\n".join(wrong)


def test_the_domain_has_one_clock():
    """``organization.clock`` alone asks the machine; ``auto_now`` would pass it by."""
    asking = {
        ("timezone", "now"),
        ("timezone", "localdate"),
        ("date", "today"),
        ("datetime", "now"),
        ("datetime", "today"),
    }
    wrong = []
    for path in modules("organization", "documents", "intervention", "budgets", "settlements"):
        if name(path) == "organization/clock.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and (getattr(node.value, "id", ""), node.attr) in asking:
                wrong.append(f"{place(path, node.lineno)} {node.value.id}.{node.attr}")
            if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
                wrong.append(f"{place(path, node.value.lineno)} {node.arg}")
    # Sessions keep the machine's time (design 23); their middleware is the one place that asks for it.
    wrong = [line for line in wrong if not line.startswith("organization/middleware.py")]
    assert not wrong, "\n".join(wrong)


def test_reads_for_people_start_at_what_they_may_see():
    """Views, API, forms, sheets and template tags begin at ``visible_to``, never at a bare manager of the forms' tables."""
    tables = {
        model.__name__
        for app in ("documents", "intervention", "budgets", "settlements")
        for model in apps.get_app_config(app).get_models()
    }
    wrong = []
    for path in modules("documents", "intervention", "budgets", "settlements"):
        if READERS.match(name(path)):
            continue
        nodes = list(ast.walk(tree(path)))
        scoped = {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr == "visible_to"}
        wrong += [
            f"{place(path, node.lineno)} {node.value.id}.{node.attr}"
            for node in nodes
            if isinstance(node, ast.Attribute)
            and node.attr in {"objects", "_default_manager", "_base_manager"}
            and getattr(node.value, "id", "") in tables
            and id(node) not in scoped
        ]
    assert not wrong, "\n".join(wrong)


def test_templates_hold_no_inline_style_or_script_and_escape_everything():
    banned = {
        "inline style": re.compile(r"\sstyle\s*=", re.I),
        "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
        "event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
        "javascript url": re.compile(r"javascript:", re.I),
        "unescaped": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
        "outside address": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I),
    }
    wrong = [
        f"{name(path)}: {what}"
        for path in templates()
        for what, pattern in banned.items()
        # Print templates carry their own style sheet for the PDF writer; no browser reads them.
        if not (what == "inline style" and "print" in path.parts) and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


def test_requests_stay_in_views():
    """No verb, query or permission takes a request or a message (style 8)."""
    layers = re.compile(
        r"(circulation|queries|permissions|drafting|gathering|models|numbering|notices|policies)(/|\.py$)"
    )
    wrong = [
        f"{place(path, node.lineno)} {node.name}"
        for path in modules("organization", "documents", "intervention", "budgets", "settlements")
        if layers.search(name(path)) and not {"views", "api"} & set(path.parts)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and "request" in {argument.arg for argument in node.args.args}
    ]
    assert not wrong, "\n".join(wrong)
