"""Forecasts and clearance answers, kept and read as published, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from forecasting import store
from forecasting.flow.clearance import clear_all
from forecasting.results import Clearance, Forecast, ForecastPoint, Score
from tests.forecast_lists import KEY, stored
from waitlists.domain import Measure
from waitlists.series import Break
from waitlists.store import write
from waitlists.store.session import reading, writing

NOW = datetime(2025, 6, 2, 6, 0, tzinfo=UTC)
MAY, APRIL, JANUARY = date(2025, 5, 31), date(2025, 4, 30), date(2025, 1, 31)


def forecast(as_of: date = MAY, *, median: float = 5.0, source: str = "chs_sitrep") -> Forecast:
    return Forecast(
        key=replace(KEY, source=source),
        as_of=as_of,
        freq="M",
        status="ok",
        model="ets",
        trained_until=date(2025, 3, 31),
        points=(ForecastPoint(date(2025, 4, 30), 1, {"0.1": 1.25, "0.5": median, "0.9": 9.0}),),
        scores={"ets": Score(12, 2.5, None, 0.75, 1.0), "naive": Score(12, 3.5, 1.25, 0.5, 1.0)},
        reason=None,
        breaks=(Break(date(2024, 4, 30), "definition", "It changed."),),
    )


def clearance(as_of: date = MAY) -> Clearance:
    (found,) = clear_all([stored({"R00": [9, 9, 9]})], as_of=as_of, goals={})
    return found


def run(connection: Connection, *forecasts: Forecast, publish: bool = True, as_of: date = MAY) -> int:
    number = write.start_run(connection, command="forecast", as_of=as_of, now=NOW)
    store.save(connection, number, forecasts, [clearance(as_of)])
    if publish:
        write.publish(connection, run_id=number, now=NOW)
    return number


def load(database: Engine, as_of: date = MAY, *, source: str | None = None) -> store.StoredForecast | None:
    with reading(database) as connection:
        return store.load_forecast(
            connection, service="SALT", org="R00", measure="list_size", as_of=as_of, source=source
        )


def median(found: store.StoredForecast | None) -> float | None:
    return found.points[0]["quantiles"]["0.5"] if found else None


def test_a_forecast_comes_back_as_it_went(database: Engine) -> None:
    with writing(database) as connection:
        number = run(connection, forecast())
    found = load(database)
    assert found == store.StoredForecast(
        source="chs_sitrep",
        service="SALT",
        org="R00",
        measure=Measure.LIST_SIZE,
        as_of=MAY,
        freq="M",
        status="ok",
        model="ets",
        trained_until=date(2025, 3, 31),
        points=forecast().points_as_json(),
        scores=forecast().scores_as_json(),
        reason=None,
        breaks=forecast().breaks_as_json(),
        run_id=number,
        dataset_version=1,
    )


def test_a_refusal_comes_back_with_its_reason(database: Engine) -> None:
    refused = Forecast(KEY, MAY, "M", "blocked", reason="It is copied.")
    with writing(database) as connection:
        run(connection, refused)
    found = load(database)
    assert found is not None
    assert (found.status, found.reason, found.points, found.model) == ("blocked", "It is copied.", [], None)


def test_clearance_comes_back_as_it_went(database: Engine) -> None:
    with writing(database) as connection:
        number = run(connection, forecast())
    with reading(database) as connection:
        found = store.load_clearance(connection, service="SALT", org="R00", as_of=MAY)
        nothing = store.load_clearance(connection, service="SALT", org="R01", as_of=MAY)
    assert found is not None
    assert (found.answer, found.run_id, found.dataset_version) == (clearance().as_json(), number, 1)
    assert nothing is None


def test_the_latest_knowledge_date_not_after_the_one_asked_answers(database: Engine) -> None:
    with writing(database) as connection:
        run(connection, forecast(MAY, median=7), as_of=MAY)
        run(connection, forecast(APRIL, median=6), as_of=APRIL)
    assert median(load(database, date(2025, 12, 31))) == 7
    assert median(load(database, date(2025, 5, 30))) == 6
    assert load(database, JANUARY) is None


def test_a_later_run_of_the_same_date_replaces_the_first_for_readers(database: Engine) -> None:
    with writing(database) as connection:
        run(connection, forecast(median=7))
        run(connection, forecast(median=8))
    assert median(load(database)) == 8


def test_what_is_not_published_is_not_read(database: Engine) -> None:
    with writing(database) as connection:
        run(connection, forecast(median=7))
        run(connection, forecast(median=8), publish=False)
    assert median(load(database)) == 7


def test_sources_answer_in_their_order_or_by_name(database: Engine) -> None:
    with writing(database) as connection:
        run(connection, forecast(median=7, source="chs_sitrep_t2"), forecast(median=8))
    assert median(load(database)) == 8
    assert median(load(database, source="chs_sitrep_t2")) == 7
    assert load(database, source="weekly_return") is None


def test_a_series_is_forecast_once_a_run(database: Engine) -> None:
    with pytest.raises(IntegrityError), writing(database) as connection:
        run(connection, forecast(), forecast())


def test_saving_nothing_is_nothing(database: Engine) -> None:
    with writing(database) as connection:
        number = write.start_run(connection, command="forecast", as_of=MAY, now=NOW)
        assert store.save(connection, number, [], []) == (0, 0)
        assert store.save(connection, number, [forecast()], [clearance()]) == (1, 1)
