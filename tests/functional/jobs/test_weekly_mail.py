"""The weekly email from a database: of small lists nothing exact leaves, of late ones nothing improves, once a week."""

import re
from datetime import date, datetime, timedelta

import pytest

from jobs.mail.breach_booked import Booked
from jobs.mail.breach_email import compose
from jobs.mail.breach_reading import Reading
from jobs.mail.parts import text_of
from jobs.mail.queueing import queue_mail, weekly_mails
from jobs.shelf import Shelf
from jobs.warn import keep, worked_out
from tests.functional.api import weekly as small
from tests.functional.jobs.kit import NOW, book, put
from waitlists.errors import BadArgument
from waitlists.mail.subscribers import Subscription
from waitlists.security.access import Role
from waitlists.security.warned import NOT_GIVEN
from waitlists.settings import Settings
from waitlists.store import outbox, write
from waitlists.store.newer import Worked
from waitlists.store.session import reading, writing
from waitlists.store.subscribers import add_subscriber
from waitlists.store.unread import Unread
from waitlists.suppression import Rule

ADDRESS = "rota.team@example.org"
AS_OF = small.SUNDAYS[-1] + timedelta(days=1)
SETTINGS = Settings(base_url="https://waits.example.org", mail_from="waitlists@example.org")
WITHOUT_MEDWAY = (date(2025, 1, 9), date(2025, 3, 13), date(2025, 4, 9))
PUBLICATIONS = (date(2024, 12, 12), *WITHOUT_MEDWAY, date(2025, 4, 10), date(2025, 5, 15))

# What holds digits and counts no child: dates, waits in weeks, standards, ages of figures, hit rates, the rules' own.
_NO_COUNTS = re.compile(
    r"\d{1,2} [A-Z][a-z]+ 20\d\d|[A-Z]+_\w+|[Oo]ver \d+ weeks|\d+ weeks? or more|\d+ to \d+ weeks?|within \d+ weeks|"
    r"\d+ days? old|in \d+ weeks|the local \d+ week|\d+% of [\d,]+|8 times in 10|nearest 5|fewer than \d|"
    r"\d+ weeks (?:to|on) |\(1 week\)|https://\S+|\d+ (?:other )?warnings?|\d+ of \d+ (?:lists|steps)|\d+ days|"
    r"\d+ organisations|\d+ services"
)


def told(connection, wants, as_of, rule=Rule.HES):
    """The text that a subscriber reads about a day."""
    found = looked(connection, as_of, rule).week(wants)
    return text_of(compose(found, base_url=SETTINGS.base_url, rule=rule))


def looked(connection, as_of, rule=Rule.HES, version=None):
    """What is read for the mails of a day whose warnings a version published."""
    warnings, booked = worked_out(connection, as_of=as_of), Booked(connection, rule, as_of)
    shelf, unread = Shelf(connection, rule), Unread.of(connection, as_of)
    return Reading(connection, as_of, shelf, warnings, {}, booked, Worked(as_of, version), unread)


@pytest.fixture
def lists(database):
    """Four weeks of lists of 5 to 60 children, with one subscriber."""
    small.fill_weekly(database, small.world())
    with writing(database) as connection:
        wants = Subscription(Role.PROVIDER, small.SERVICES, small.ORGS, wants_csv=True)
        add_subscriber(connection, ADDRESS, wants, now=NOW)
    return database


def warned(database):
    """The warnings of the day kept, as a week keeps them."""
    with writing(database) as connection:
        run = write.start_run(connection, command="warn", as_of=AS_OF, now=NOW)
        keep(connection, worked_out(connection, as_of=AS_OF), as_of=AS_OF, run_id=run)
        write.finish_run(connection, run, status="done", summary={}, now=NOW)


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.PROVIDER, Role.PUBLIC])
def test_every_count_in_a_mail_is_rounded_whatever_the_role(lists, rule, role):
    """I15: even a provider's own exact figures; and the same facts are the same mail for everybody."""
    with reading(lists) as connection:
        text = told(connection, Subscription(role, small.SERVICES, small.ORGS), AS_OF, rule)
        same = told(connection, Subscription(Role.BOARD, small.SERVICES, small.ORGS), AS_OF, rule)
    counts = [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", _NO_COUNTS.sub(" ", text))]
    assert len(counts) > 20
    assert {count % 5 for count in counts} == {0}
    assert text == same


def test_the_mail_of_a_week_is_queued_once_and_is_the_same_to_the_byte(lists):
    warned(lists)
    with writing(lists) as connection:
        assert queue_mail(connection, SETTINGS, as_of=AS_OF, now=NOW).mails == 1
        assert queue_mail(connection, SETTINGS, as_of=AS_OF, now=NOW + timedelta(days=9)).mails == 0
    with reading(lists) as connection:
        found = worked_out(connection, as_of=AS_OF)
        first, second = (list(weekly_mails(connection, SETTINGS, found, as_of=AS_OF)) for _ in range(2))
    assert first == second
    with writing(lists) as connection:
        taken = outbox.take(connection, now=NOW, lease=timedelta(minutes=1))
    assert taken is not None
    assert taken.content == first[0].content
    assert ADDRESS.encode() not in taken.content
    assert b"rota" not in taken.content


def test_where_zero_may_not_be_said_a_mail_is_the_same_whatever_warnings_hidden_lists_have(lists):
    with reading(lists) as connection:
        found = worked_out(connection, as_of=AS_OF)
        assert any(one.life.state != "cleared" for one in found)
        mails = {
            rule: [
                list(weekly_mails(connection, SETTINGS.model_copy(update={"suppression": rule}), warnings, as_of=AS_OF))
                for warnings in (found, found[:1], ())
            ]
            for rule in Rule
        }
    first, *others = mails[Rule.MHSDS]
    assert others == [first, first]
    assert NOT_GIVEN.encode() in first[0].content.replace(b"=\n", b"").replace(b"=\r\n", b"")
    assert mails[Rule.HES][0] != mails[Rule.HES][2]


def test_mail_of_a_day_without_warnings_worked_out_is_refused(lists):
    with writing(lists) as connection, pytest.raises(BadArgument, match="run `waitlists warn`"):
        queue_mail(connection, SETTINGS, as_of=AS_OF, now=NOW)


def test_a_list_that_nobody_has_is_named(lists):
    with reading(lists) as connection:
        text = told(connection, Subscription(Role.BOARD, ("WHEELCHAIR",), ("QKS",)), AS_OF)
    line = next(line for line in text.splitlines() if line.startswith("- Wheelchairs"))
    assert line.endswith("NHS Kent and Medway Integrated Care Board: there is no figure. That is not zero.")


def test_only_the_standards_asked_for_are_told(lists):
    with reading(lists) as connection:
        text = told(connection, Subscription(Role.BOARD, ("SALT",), ("QKS",), ("CHS_52W",)), AS_OF)
    assert "CHS_52W" in text
    assert "CHS_18W" not in text


@pytest.mark.parametrize(("providers", "only"), [(("RYY",), True), (("RYY", "NQ7"), False)])
def test_a_board_with_one_provider_is_told_so(database, providers, only):
    small.fill_weekly(database, small.world(services=("SALT",), providers=providers))
    wants = Subscription(Role.BOARD, ("SALT",), ("QKS", "RYY"))
    with reading(database) as connection:
        board, provider = looked(connection, AS_OF).week(wants).lists
    assert board.only_provider == ("Kent Community Health NHS Foundation Trust" if only else None)
    assert provider.only_provider is None


def test_figures_that_came_after_the_warnings_are_called_so(lists):
    wants = Subscription(Role.BOARD, ("SALT",), ("QKS",))
    with reading(lists) as connection:
        assert [looked(connection, AS_OF, version=one).week(wants).lists[0].is_newer for one in (0, 1, None)] == [
            True,
            False,
            False,
        ]


def test_old_figures_are_called_overdue(lists):
    with reading(lists) as connection:
        text = told(connection, Subscription(Role.BOARD, ("SALT",), ("QKS",)), AS_OF + timedelta(weeks=5))
    assert "Nothing newer than the week to 18 May 2025 has come of the providers' own weekly returns: 36 days." in text
    assert text.splitlines()[0].endswith("(figures late)")


@pytest.fixture
def ready(waitlists):
    """The command over three synthetic months, with one subscriber."""
    waitlists("load", *put(waitlists.folder / "in", *(book(2026, month) for month in (7, 8, 9))))
    waitlists("subscribers", "add", ADDRESS, "--role", "board", "--service", "SALT", "--org", "QKS")
    return waitlists


def test_warn_keeps_and_queues_once_and_a_dry_run_nothing(ready):
    dry = ready("warn", "--as-of", "2026-11-16", "--dry-run")
    assert dry.code == 0
    assert "To subscriber 1:\n\nKent and Medway SALT, 16 November 2026: " in dry.out
    assert ready("outbox", "list", "--json").json["queued"] == 0
    first = ready("warn", "--as-of", "2026-11-16", "--json").json
    assert (first["is_new"], first["mails_queued"]) == (True, 1)
    assert sum(first["warnings"].values()) > 0
    again = ready("warn", "--as-of", "2026-11-16")
    assert again.out.endswith(" They were there already. 0 mails queued.\n")
    assert ready("warn", "--as-of", "2026-11-16", "--dry-run", "--json").json["mails"][0]["subscriber"] == 1
    assert ready("outbox", "send", "--json").json["sent"] == 1
    (mail,) = (ready.folder / "outbox").iterdir()
    assert f"\r\nTo: {ADDRESS}\r\n".encode() in mail.read_bytes()


def test_a_day_to_come_is_refused_and_nobody_is_told_that_nobody_is(ready):
    for words in ((), ("--dry-run",)):
        ended = ready("warn", "--as-of", "2099-11-16", *words)
        assert (ended.code, "this day has not come yet" in ended.err) == (2, True)
    ready("subscribers", "remove", "1")
    assert "Nobody gets mail" in ready("warn", "--as-of", "2026-11-16", "--dry-run").out
    assert "no warnings" not in ready("warn", "--as-of", "2026-11-16").out


def test_no_log_line_of_warning_and_sending_holds_an_address_or_a_count_of_children(ready):
    loud = {"LOG_LEVEL": "debug", "LOG_FORMAT": "json"}
    shown = [ready("warn", "--as-of", "2026-11-16", **loud), ready("outbox", "send", **loud)]
    said = "".join(one.err for one in shown)
    assert {"mail.queued", "mail.sent"} <= set(re.findall(r'"event": "([a-z.]+)"', said))
    assert "rota" not in said
    assert "over 18 weeks" not in said


@pytest.mark.slow
@pytest.mark.parametrize("day", PUBLICATIONS)
def test_no_email_says_that_kents_community_paediatrics_improved(published, day, monkeypatch):
    """The real workbooks month by month: Medway is missing for three of them, and nearly half of the list with it."""
    # All of England's lists of this service are worked out; those of the others would not be told.
    monkeypatch.setattr("jobs.warn.FOR_CHILDREN", {"COMM_PAEDS"})
    wants = Subscription(Role.COMMISSIONER, ("COMM_PAEDS",), ("QKS",))
    with reading(published) as connection:
        text = told(connection, wants, day)
    assert "for the better" not in text
    assert "improve" not in text.replace("may be read as an improvement", "").replace("improvement board", "")
    head = text.partition("WHO DOES WHAT")[0]
    if day in WITHOUT_MEDWAY:
        assert "Medway Community Healthcare" in head.partition("COMMUNITY PAEDIATRICS\n")[0]
        assert "so no fall in these numbers may be read as an improvement" in head
        assert "(figures late)" in head.splitlines()[0]
    assert f"{datetime.combine(day, datetime.min.time()):%B %Y}" in head.splitlines()[0]
