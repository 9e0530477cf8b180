"""Warnings, emails and charts tell one story: of every warning of a year of the invented Kent, whether it is real.

The chart is the answer of /v1/trends to the same reader about the same series.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from api.app import create_app
from forecasting.warnings.kept import warning_of
from forecasting.warnings.past import MEASURE_OVER
from jobs.decide import decide_weeks
from jobs.keys import Wanted, create
from jobs.mail.breach_words import real_words
from jobs.shelf import Shelf
from jobs.warning_week import warn_of
from tests.functional.api.conftest import Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer
from tests.functional.jobs.kit import load_files
from tests.returns import as_csv, waiting
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store.migrate import migrate
from waitlists.store.session import make_engine, reading
from waitlists.store.warnings import kept_warnings, newest_assessment
from waitlists.suppression import Rule
from waitlists.synthetic import kent

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

ROLES = (Role.COMMISSIONER, Role.BOARD)
SUNDAY, MONDAY = date(2026, 11, 15), date(2026, 11, 16)
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
WORSE, BETTER, USUAL, UNKNOWN = "worse", "better", "usual", "unknown"

IN_A_WARNING = {
    WORSE: "there is a real change for the worse",
    BETTER: "there is a real change for the better",
    USUAL: "it is within usual variation",
}
IN_AN_EMAIL = {
    WORSE: "a real change for the worse",
    BETTER: "a real change for the better",
    USUAL: "within usual variation",
}
IN_A_CHART = {
    WORSE: "a real change for the worse",
    BETTER: "a real change for the better",
    USUAL: "no sign of a real change",
}


def said(sentence, words):
    """The one verdict of which a sentence has the words."""
    found = [verdict for verdict, phrase in words.items() if phrase in sentence.lower()]
    assert len(found) < 2, sentence
    return found[0] if found else UNKNOWN


def of_chart(body):
    """The verdict of a chart's fields, which its sentence says too."""
    if body["real_change"] is None:
        return UNKNOWN
    way = body["judged_variation"].partition("_")[0]
    verdict = {"concern": WORSE, "improvement": BETTER, "common": USUAL}[way]
    assert said(body["sentence"], IN_A_CHART) == verdict, body["sentence"]
    return verdict


def of_warning(one):
    """The verdict of a warning's fields and sentence."""
    verdict = said(one["sentence"], IN_A_WARNING)
    assert {None: UNKNOWN, False: USUAL}.get(one["real_change"], verdict) == verdict, one["sentence"]
    return verdict


class Told(NamedTuple):
    """What is told of one warning: by itself, by the chart of its series, and in an email."""

    warned: str
    charted: str
    mailed: str


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """A year of weekly returns of eleven services, each known from its day, warned of on the last Monday."""
    folder = tmp_path_factory.mktemp("story")
    engine = make_engine(f"sqlite:///{folder / 'waitlists.db'}")
    migrate(engine)
    by_day: dict[date, list[Path]] = {}
    for file in kent.sent_returns(kent.population(20_261_116, end=SUNDAY, weeks=52, scale=1.0), newest=1):
        (folder / file.name).write_bytes(file.content)
        by_day.setdefault(min(file.delivered_on, MONDAY), []).append(folder / file.name)
    for day, files in sorted(by_day.items()):
        load_files(engine, files, now=datetime(day.year, day.month, day.day, 5, tzinfo=UTC))
    decide_weeks(engine, Rule.HES, on_progress=lambda _: None)
    found = warn_of(engine, Settings(), as_of=MONDAY, clock=lambda: NOON, on_progress=lambda _: None)
    assert not found.problems
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def stories(engine):
    """By role every warning of a number that a chart shows, each with what is told of it."""
    keys = {role: str(create(engine, Wanted(role, ("QKS",)), now=NOON, pepper=PEPPER)[0]) for role in ROLES}
    with reading(engine) as connection:
        kept = newest_assessment(connection, as_of=MONDAY, is_published=False)
        every = {one.warning: warning_of(one.content).figures for one in kept_warnings(connection, kept.id)}
        shelf = Shelf(connection, Rule.HES)
        mailed = {name: said(real_words(shelf.seen(one)), IN_AN_EMAIL) for name, one in every.items()}
    found = dict[Role, dict[str, Told]]()
    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOON)) as client:
        for role in ROLES:
            by = bearer(keys[role])
            told = {one["id"]: one for page in client.pages("/v1/breaches", headers=by) for one in page["items"]}
            assert told.keys() == every.keys()
            found[role] = {}
            for name, one in every.items():
                measure = MEASURE_OVER.get(one.over_days)
                if measure is not None:
                    chart = client.json(f"/v1/trends/{one.service}/{one.org}/{measure.value}", headers=by)
                    found[role][name] = Told(of_warning(told[name]), of_chart(chart), mailed[name])
    return found


def test_who_sees_exact_figures_is_told_the_same_by_a_warning_and_its_chart(stories):
    every = stories[Role.COMMISSIONER]
    assert {name: told for name, told in every.items() if told.warned != told.charted} == {}
    counted = Counter(told.warned for told in every.values())
    assert counted[USUAL] >= 10
    assert counted[WORSE] + counted[BETTER] >= 5


def test_a_board_is_told_the_same_by_warning_chart_and_email(stories):
    every = stories[Role.BOARD]
    assert {name: told for name, told in every.items() if told.warned != told.mailed} == {}
    assert {name: told for name, told in every.items() if told.warned != told.charted} == {}
    counted = Counter(told.charted for told in every.values())
    assert counted[USUAL] >= 10
    assert counted[WORSE] + counted[BETTER] >= 2


def test_a_board_is_told_nothing_of_a_list_of_which_the_chart_hides_too_many_steps(sqlite_database, tmp_path):
    """Six of one provider beside 62 of the other make 68: 60 and 70 as shown would tell the six."""
    weeks = [SUNDAY - timedelta(weeks=back) for back in range(23, -1, -1)]
    by_provider = {"RYY": [62 + 5 * (n * 37 % 11 % 4) for n in range(24)], "RPA": [*[6] * 22, *[40] * 2]}
    for provider, every in by_provider.items():
        rows = zip(weeks, every, strict=True)
        returned = [
            row for week, over in rows for row in waiting(provider=provider, week=week, counts=[*[30] * 5, over, 0, 0])
        ]
        (tmp_path / f"{provider}.csv").write_bytes(as_csv(returned))
    load_files(sqlite_database, sorted(tmp_path.glob("*.csv")), now=NOON)
    warn_of(sqlite_database, Settings(), as_of=MONDAY, clock=lambda: NOON, on_progress=lambda _: None)
    told = {role: of_list(sqlite_database, role, "RYY") for role in ROLES}
    assert told == {Role.COMMISSIONER: (USUAL, USUAL), Role.BOARD: (UNKNOWN, UNKNOWN)}


def of_list(engine, role, org):
    """What a warning and the chart of those over 18 weeks say of a list of speech and language therapy."""
    by = bearer(str(create(engine, Wanted(role, ("QKS",)), now=NOON, pepper=PEPPER)[0]))
    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOON)) as client:
        every = [one for page in client.pages("/v1/breaches", headers=by) for one in page["items"]]
        warned = next(one for one in every if (one["org"], one["over_days"]) == (org, 126))
        return of_warning(warned), of_chart(client.json(f"/v1/trends/SALT/{org}/over_18_weeks", headers=by))
