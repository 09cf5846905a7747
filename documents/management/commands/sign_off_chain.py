"""Print the sign-off chain of a form, or of many at once, one JSON object a line."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from documents.facts import BadFact, load_object, read_as_of, read_facts, read_kind
from documents.policies import in_force, rules_of
from documents.reasons import why
from documents.routing import RoutingError, Rule, Station, build_chain
from documents.states import StepMode
from documents.vocabulary import Kind
from organization import clock
from organization.posts import Post
from organization.setup import ensure_migrated

# Options that state a fact; --over-budget is the one without a value.
FACT_OPTIONS = ("side", "amount", "phase", "result", "of", "as_of")


class Command(BaseCommand):
    """``sign_off_chain KIND [facts]`` or ``sign_off_chain --batch``; see docs and ``--help``."""

    help = "Prints the sign-off chain of a form under the policy in force; --batch reads one JSON object a line."
    # Asks for the rules only: no need to check the site first.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", metavar="KIND", help=", ".join(Kind.values))
        parser.add_argument("--side", help="pre or post: before or after move-in")
        parser.add_argument("--amount", help="total in yuan, tax included, plain notation: 20000 or 20000.50")
        parser.add_argument("--over-budget", action="store_true", help="actual cost exceeds the budget (3.2.6.2)")
        parser.add_argument("--phase", help="planning, marketing, engineering, handover, move_in")
        parser.add_argument("--result", help="code of the phase result, e.g. move_in_plan")
        parser.add_argument("--of", help="kind of the form whose work is completed")
        parser.add_argument("--as-of", help="day of submission, YYYY-MM-DD; today when left out")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
        parser.add_argument("--batch", action="store_true", help="facts from standard input, one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {name: options[name] for name in FACT_OPTIONS if options[name] is not None}
        if options["batch"]:
            if options["kind"] or options["over_budget"] or given:
                raise CommandError("--batch takes its facts from standard input, no KIND and no facts as options")
        elif not options["kind"]:
            raise CommandError("name a KIND, or use --batch")
        ensure_migrated()
        self.rules: dict[date, tuple[Rule, ...]] = {}
        # Scripts compare the words: they do not change with the caller's locale.
        with translation.override(settings.LANGUAGE_CODE):
            if options["batch"]:
                self.answer_lines()
            else:
                raw = {"kind": options["kind"], "over_budget": options["over_budget"], **given}
                self.answer_one(raw, as_json=options["json"])

    def answer_one(self, raw: Mapping[str, Any], *, as_json: bool) -> None:
        """One chain for people, or as JSON; an error ends with status 1."""
        try:
            stations = self.chain(raw)
        except (BadFact, RoutingError) as error:
            if as_json:
                self.write_json({"error": str(error)})
            raise CommandError(str(error)) from error
        if as_json:
            self.write_json(_as_data(stations))
            return
        self.stdout.write(str(Kind(raw["kind"]).label))
        for station in stations:
            posts = "、".join(f"{Post(post).label} ({post})" for post in station.posts)
            if len(station.posts) > 1:
                posts += _("，会签")
            if station.mode != StepMode.SIGN:
                posts += "，" + str(StepMode(station.mode).label)
            self.stdout.write(f"{station.position}. {posts}\n   {why(station.clause, station.reason)}")

    def answer_lines(self) -> None:
        """One JSON line out for each line in; a line that is wrong is answered with its error."""
        for line in _lines():
            try:
                answer = _as_data(self.chain(load_object(line)))
            except (BadFact, RoutingError) as error:
                answer = {"error": str(error)}
            self.write_json(answer)
            self.stdout.flush()

    def chain(self, raw: Mapping[str, Any]) -> tuple[Station, ...]:
        """The chain for facts as given. Raises ``BadFact`` and ``RoutingError``."""
        read_kind(raw)
        rules = self.rules_on(read_as_of(raw, clock.today()))
        return build_chain(rules, read_facts(raw, rules))

    def rules_on(self, day: date) -> tuple[Rule, ...]:
        """The rules in force on a day, read once a run."""
        if day not in self.rules:
            self.rules[day] = rules_of(in_force(day))
        return self.rules[day]

    def write_json(self, data: Mapping[str, Any]) -> None:
        """One object on one line, with real characters where the terminal and the text allow it."""
        text = json.dumps(data, ensure_ascii=False)
        try:
            text.encode(getattr(self.stdout, "encoding", None) or "utf-8")
        except UnicodeEncodeError:
            text = json.dumps(data)
        self.stdout.write(text)


def _as_data(stations: tuple[Station, ...]) -> dict[str, Any]:
    """A chain as the answer states it."""
    return {
        "stations": [
            {
                "posts": list(station.posts),
                "mode": station.mode,
                "clause": station.clause,
                "why": why(station.clause, station.reason),
            }
            for station in stations
        ]
    }


def _lines() -> Iterator[str | bytes]:
    """Standard input line by line, as bytes where there are any: wrong bytes are an error of their line only."""
    source = getattr(sys.stdin, "buffer", None)
    yield from (sys.stdin if source is None else source)
