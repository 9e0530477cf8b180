"""The registers against the figures of the 14 published workbooks: every name is known, parts make the wholes."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from waitlists.domain import Level
from waitlists.organisations import ORGANISATIONS, current_code, organisation_for_name, parent_of
from waitlists.services import CHS_SERVICES, SUPPRESSED_BELOW_ENGLAND, service_for_line

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "chs-sitrep" / "chs_sitrep_long.csv.gz"
PARTS = ["org", "service", "measure", "day"]

pytestmark = pytest.mark.skipif(not PUBLISHED.exists(), reason="the shared figures are not on this machine")


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    """One row a published figure: level, code by our register, service, measure, month end, value, parent that day."""
    printed = pd.read_csv(
        PUBLISHED, usecols=["geography_type", "org_code", "org_name", "service", "measure", "period", "value"]
    )
    level = printed["geography_type"].replace("national", "england")
    codes = {key: printed_code(*key) for key in set(zip(level, printed["org_code"], printed["org_name"], strict=True))}
    org = [codes[key] for key in zip(level, printed["org_code"], printed["org_name"], strict=True)]
    days = printed["period"].map({period: date.fromisoformat(period) for period in printed["period"].unique()})
    parents = {key: parent_of(*key) for key in set(zip(org, days, strict=True))}
    return printed.assign(
        level=level,
        org=org,
        service=printed["service"].map({line: service_for_line(line) for line in printed["service"].unique()}),
        day=days,
        parent=[parents[key] for key in zip(org, days, strict=True)],
    )


def printed_code(level: str, code: str, name: str) -> str | None:
    return organisation_for_name(name, Level(level)) if code.startswith("NAME:") else code


def residuals(figures: pd.DataFrame, part: Level, whole: Level) -> pd.DataFrame:
    """Figures of the whole that are not the sum of its parts, with the difference (parts less whole)."""
    known = figures[~figures["service"].isin(SUPPRESSED_BELOW_ENGLAND)]
    parts = known[known["level"] == part].groupby(["parent", *PARTS[1:]])["value"].sum(min_count=1)
    wholes = known[known["level"] == whole].groupby(PARTS)["value"].sum(min_count=1)
    both = pd.concat([parts.rename_axis(PARTS).rename("parts"), wholes.rename("whole")], axis=1)
    assert both["parts"].isna().equals(both["whole"].isna()), "a whole without parts, or parts without a whole"
    assert both["whole"].notna().sum() > 4000
    difference = (both["parts"] - both["whole"]).dropna()
    return difference[difference != 0].rename("difference").reset_index()


def test_every_printed_line_is_a_service(figures: pd.DataFrame) -> None:
    assert set(figures["service"]) == set(CHS_SERVICES)


def test_every_printed_organisation_is_known_under_every_printed_name(figures: pd.DataFrame) -> None:
    seen = figures[["level", "org", "org_name"]].drop_duplicates()
    assert len(seen) > 300
    for level, code, name in seen.itertuples(index=False):
        assert ORGANISATIONS[code].level == level
        assert organisation_for_name(name, Level(level)) == code


def test_every_provider_with_a_figure_is_counted_somewhere(figures: pd.DataFrame) -> None:
    assert figures[(figures["level"] != Level.ENGLAND) & figures["parent"].isna()].empty


def test_every_icb_is_the_sum_of_its_providers(figures: pd.DataFrame) -> None:
    assert residuals(figures, Level.PROVIDER, Level.ICB).empty


def test_england_is_the_sum_of_its_regions(figures: pd.DataFrame) -> None:
    assert residuals(figures, Level.REGION, Level.ENGLAND).empty


def test_every_region_is_the_sum_of_its_icbs_but_for_one_misprint(figures: pd.DataFrame) -> None:
    """In July 2023 the region rows count Oxleas (RPG) in the South East; its ICB, South East London, is London's."""
    left = residuals(figures, Level.ICB, Level.REGION)
    oxleas = figures[(figures["org"] == "RPG") & (figures["day"] == date(2023, 7, 31)) & (figures["value"] > 0)]
    expected = oxleas.set_index(["service", "measure"])["value"].to_dict()
    for region, sign in (("Y56", 1), ("Y59", -1)):
        found = left[left["org"] == region]
        assert set(found["day"]) == {date(2023, 7, 31)}
        assert (sign * found.set_index(["service", "measure"])["difference"]).to_dict() == expected
    assert set(left["org"]) == {"Y56", "Y59"}


def test_no_list_is_printed_under_a_code_that_another_has_taken_over(figures: pd.DataFrame) -> None:
    providers = figures[(figures["level"] == Level.PROVIDER) & figures["value"].notna()]
    for code, service, day in providers[["org", "service", "day"]].drop_duplicates().itertuples(index=False):
        assert current_code(code, service, day) == code


def test_the_providers_of_kent_make_its_community_paediatrics(figures: pd.DataFrame) -> None:
    lists = figures[(figures["service"] == "COMM_PAEDS") & (figures["measure"] == "waiting_total")]
    march = lists[lists["day"] == date(2025, 3, 31)]
    providers = march[(march["level"] == Level.PROVIDER) & (march["parent"] == "QKS")]
    assert providers.set_index("org")["value"].to_dict() == {"NQ7": 4054, "RPA": 897, "RVV": 797, "RYY": 2970}
    assert march.set_index("org")["value"]["QKS"] == 8718
