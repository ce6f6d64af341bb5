# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from ivr.editor.hours import has_holidays, read_hours, unlikely, unnamed_holidays
from ivr.hours import ALWAYS, HORIZON, Closed, Hours, Open
from ivr.messages.problems import ProblemError
from ivr.world import Clockwork
from tests.conftest import LINES

TZ = ZoneInfo("Europe/Amsterdam")
MINUTE = timedelta(minutes=1)
ESSM = read_hours("Mo-Su 08:30-22:00", TZ, None)
OFFICE = read_hours("Mo-Fr 09:00-12:30,13:30-17:00; PH off; 2026 Dec 24 09:00-12:00", TZ, "NL")


def at(text: str) -> datetime:
    """A moment in Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


def spans(*texts: str) -> tuple[tuple[time, time], ...]:
    """The hours of a day, from such as 09:00-12:30."""
    pairs = (text.split("-") for text in texts)
    return tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in pairs)


WHOLE_DAY = spans("00:00-00:00")


@pytest.mark.parametrize(
    ("moment", "opening", "holds"),
    [
        ("2026-11-25T08:29", Closed(0, datetime(2026, 11, 25, 8, 30)), "2026-11-25T08:30"),  # noqa: DTZ001
        ("2026-11-25T08:30", Open((spans("08:30-22:00"),) * 7), "2026-11-25T22:00"),
        ("2026-11-25T21:59", Open((spans("08:30-22:00"),) * 7), "2026-11-25T22:00"),
        ("2026-11-25T22:00", Closed(1, datetime(2026, 11, 26, 8, 30)), "2026-11-26T00:00"),  # noqa: DTZ001
        ("2026-11-26T00:00", Closed(0, datetime(2026, 11, 26, 8, 30)), "2026-11-26T06:00"),  # noqa: DTZ001
        ("2026-11-26T06:00", Closed(0, datetime(2026, 11, 26, 8, 30)), "2026-11-26T08:30"),  # noqa: DTZ001
    ],
)
def test_a_number_opens_and_closes_on_the_minute(moment: str, opening: Open | Closed, holds: str) -> None:
    """What is said changes at the opening, the closing, midnight, and the end of the night, and at no other moment."""
    assert ESSM.at(at(moment)) == (opening, at(holds))


def test_the_moment_of_a_call_may_be_in_any_time_zone() -> None:
    """An aware moment is what counts: half past seven in UTC is half past eight in Amsterdam."""
    assert isinstance(ESSM.at(datetime(2026, 11, 25, 7, 29, tzinfo=UTC))[0], Closed)
    assert isinstance(ESSM.at(datetime(2026, 11, 25, 7, 30, tzinfo=UTC))[0], Open)
    assert isinstance(ESSM.at(datetime(2026, 7, 1, 6, 30, tzinfo=UTC))[0], Open)


def test_in_the_small_hours_tomorrow_is_named() -> None:
    """To a caller at one o'clock, what opens the next calendar day is two days ahead: they may call today yesterday."""
    weekend = read_hours("Sa-Su 10:00-12:00", TZ, None)
    assert weekend.at(at("2026-11-27T01:00"))[0] == Closed(2, datetime(2026, 11, 28, 10))  # noqa: DTZ001
    assert weekend.at(at("2026-11-27T06:00"))[0] == Closed(1, datetime(2026, 11, 28, 10))  # noqa: DTZ001
    assert weekend.at(at("2026-11-26T01:00"))[0] == Closed(2, datetime(2026, 11, 28, 10))  # noqa: DTZ001


def test_holidays_and_single_days_count() -> None:
    """Christmas Day is closed, Christmas Eve has its own hours, and the week says so."""
    assert OFFICE.at(at("2026-12-25T10:00"))[0] == Closed(3, datetime(2026, 12, 28, 9))  # noqa: DTZ001
    opening, holds = OFFICE.at(at("2026-12-24T10:00"))
    day = spans("09:00-12:30", "13:30-17:00")
    assert opening == Open((day, day, day, spans("09:00-12:00"), (), (), ()), usual=False)
    assert holds == at("2026-12-24T12:00")


@pytest.mark.parametrize(
    ("expression", "moment", "usual"),
    [
        ("Mo-Fr 09:00-17:00; PH off", "2026-12-18T10:00", True),  # seven days, up to the day before Christmas
        ("Mo-Fr 09:00-17:00; PH off", "2026-12-21T10:00", False),
        ("Mo-Fr 09:00-17:00; PH off", "2026-12-31T10:00", False),
        ("Mo-Fr 09:00-17:00; PH off", "2027-01-04T10:00", True),
        ("Apr-Sep Mo-Fr 09:00-17:00; Oct-Mar Mo-Fr 10:00-16:00", "2026-09-22T10:00", True),
        ("Apr-Sep Mo-Fr 09:00-17:00; Oct-Mar Mo-Fr 10:00-16:00", "2026-09-28T10:00", False),
        ("Apr-Sep Mo-Fr 09:00-17:00; Oct-Mar Mo-Fr 10:00-16:00", "2026-10-01T10:00", True),
    ],
)
def test_a_week_that_is_not_like_the_others_is_told_apart(expression: str, moment: str, usual: bool) -> None:  # noqa: FBT001
    """A week with a holiday in it, or in which a season ends, is not usual; that before and after it is."""
    opening = read_hours(expression, TZ, "NL").at(at(moment))[0]
    assert isinstance(opening, Open)
    assert opening.usual == usual


def test_a_lunch_break_is_closed_until_after_it() -> None:
    """Between two spans of a day it is closed until the second."""
    assert OFFICE.at(at("2026-11-25T13:00"))[0] == Closed(0, datetime(2026, 11, 25, 13, 30))  # noqa: DTZ001


def test_spans_that_touch_are_one() -> None:
    """What closes at the moment that it opens again does not close."""
    hours = read_hours("Mo-Su 09:00-12:00,12:00-17:00", TZ, None)
    assert hours.at(at("2026-11-25T10:00")) == (Open((spans("09:00-17:00"),) * 7), at("2026-11-25T17:00"))


@pytest.mark.parametrize("expression", ["off", "2020 Jan 01 10:00-11:00", "2028 Jan 01 10:00-11:00"])
def test_no_opening_within_a_year_is_none(expression: str) -> None:
    """Without an opening before a year has gone by, none is known, and that holds until midnight."""
    assert read_hours(expression, TZ, None).at(at("2026-11-25T10:00")) == (Closed(), at("2026-11-26T00:00"))


def test_an_opening_is_never_a_year_ahead() -> None:
    """No year is said, so the day before its anniversary an opening of next year is not known yet."""
    hours = read_hours("2027 Nov 24 10:00-11:00", TZ, None)
    assert hours.at(at("2026-11-24T11:00"))[0] == Closed()
    assert hours.at(at("2026-11-25T11:00"))[0] == Closed(364, datetime(2027, 11, 24, 10))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("expression", "week"),
    [
        ("24/7", (WHOLE_DAY,) * 7),
        ("Mo-We 00:00-24:00", (WHOLE_DAY,) * 3 + ((),) * 4),
        ("Mo-Su 22:00-02:00", (spans("22:00-02:00"),) * 7),
        ("Tu 20:00-24:00; We 00:00-10:00", ((), spans("20:00-10:00"), (), (), (), (), ())),
        (
            "Tu 20:00-24:00; We 00:00-24:00; Th 00:00-10:00",
            ((), spans("20:00-00:00"), WHOLE_DAY, spans("00:00-10:00"), (), (), ()),
        ),
    ],
)
def test_the_week_has_every_span_at_the_day_it_starts(expression: str, week: tuple[object, ...]) -> None:
    """What runs past midnight stands at its first day; what lasts a day or longer is cut at midnight."""
    assert read_hours(expression, TZ, None).at(at("2026-11-24T23:00"))[0] == Open(week)  # type: ignore[arg-type]


def test_the_last_night_of_a_row_has_no_week() -> None:
    """Open in the small hours by what started yesterday, with nothing in the coming week: the hours are not known."""
    hours = read_hours("2026 Nov 24 22:00-02:00", TZ, None)
    assert hours.at(at("2026-11-25T01:00")) == (Open(None), at("2026-11-25T02:00"))
    assert Open(None) == ALWAYS


@pytest.mark.parametrize(
    ("moment", "expression", "opens"),
    [
        # The clock skips from two to three, so there is no such span that day.
        ("2026-03-29T00:59Z", "Mo-Su 02:15-02:45", "2026-03-30T02:15"),
        # The clock goes back from three to two: it shows half past two at half past twelve and at half past one in UTC.
        ("2026-10-25T00:00Z", "Mo-Su 02:30-03:30", "2026-10-25T02:30"),
        ("2026-10-25T00:29Z", "Mo-Su 02:30-08:00", "2026-10-25T02:30"),
        ("2026-10-25T00:30Z", "Mo-Su 02:30-08:00", None),
        ("2026-10-25T01:00Z", "Mo-Su 02:30-08:00", "2026-10-25T02:30"),
        ("2026-10-25T01:30Z", "Mo-Su 02:30-08:00", None),
        ("2026-10-25T00:29Z", "Mo-Su 22:00-02:30", None),
        ("2026-10-25T00:30Z", "Mo-Su 22:00-02:30", "2026-10-25T22:00"),
        ("2026-10-25T01:29Z", "Mo-Su 22:00-02:30", "2026-10-25T22:00"),
        ("2026-10-25T01:30Z", "Mo-Su 22:00-02:30", "2026-10-25T22:00"),
    ],
)
def test_summer_time_begins_and_ends(moment: str, expression: str, opens: str | None) -> None:
    """In the nights on which the clock changes it is open when the clock shows its hours, and closes for good."""
    opening, _ = read_hours(expression, TZ, None).at(datetime.fromisoformat(moment))
    assert isinstance(opening, Open) == (opens is None)
    assert opens is None or opening == Closed(0 if opens[:10] == moment[:10] else 2, datetime.fromisoformat(opens))


def test_what_is_open_is_looked_at_again_as_soon_as_one_number_closes() -> None:
    """Also in the hour that the clock shows twice: at its first half past two, before what ends at its second two."""
    numbers = LINES["second"].card.numbers
    late, early = (read_hours(hours, TZ, None) for hours in ("Mo-Su 22:00-02:30", "Mo-Su 02:15-08:00"))
    changed = {
        id_: replace(one, hours=hours) for (id_, one), hours in zip(numbers.items(), (late, early), strict=False)
    }
    card = replace(LINES["second"].card, timezone=TZ, numbers={**numbers, **changed}, notice=None)
    clockwork = Clockwork(card)
    for minute in range(90):
        now = datetime(2026, 10, 25, 0, tzinfo=UTC) + minute * MINUTE
        assert clockwork.world(now).states == Clockwork(card).world(now).states, now


@pytest.mark.parametrize(
    ("expression", "country", "message", "detail"),
    [
        ("Mo-Fr 09:00-17:00; PH off", None, "hours-no-country", "PH"),
        ("Mo-Fr 09:00-17:00 unknown", "NL", "hours-uncertain", "unknown"),
        ("Mo-Fr 09:00-17:00 || 10:00-11:00", "NL", "hours-uncertain", "||"),
        ("SH 09:00-17:00", "NL", "hours-uncertain", "SH"),
        ("2028-2026 Mo 10:00-11:00", "NL", "hours-syntax", "2028-2026 Mo 10:00-11:00"),
        ("Mo-Fr 09:00-12:00; Mo-Fr 13:00-17:00; PH off", "NL", "hours-idle", "Mo-Fr 09:00-12:00"),
        ("Mo-Fr 09:00-17:00; Sa off; Sa off", "NL", "hours-idle", "Sa off"),
        ("Mo-Fr 09:00-17:00; 2031 Jan 1 off; PH off", "NL", "hours-idle", "2031 Jan 1 off"),
    ],
)
def test_what_the_line_cannot_be_sure_of_is_refused(
    expression: str, country: str | None, message: str, detail: str
) -> None:
    """Hours that do not parse, are not certain, or hold a rule without effect are refused, and the part is named."""
    with pytest.raises(ProblemError) as refused:
        read_hours(expression, TZ, country)
    assert [(one.message, one.values) for one in refused.value.problems] == [(message, {"detail": detail})]


@pytest.mark.parametrize(
    ("expression", "message", "written"),
    [
        ("Mo-Su 08:30-25:00", "hours-late", "08:30-01:00"),
        ("Mo-Su 08:30-24:30; PH off", "hours-late", "08:30-00:30"),
    ],
)
def test_what_may_be_meant_is_written(expression: str, message: str, written: str) -> None:
    """A closing time past midnight comes with how to write it, and that can be used."""
    with pytest.raises(ProblemError) as refused:
        read_hours(expression, TZ, "NL")
    assert [(one.message, one.values["written"]) for one in refused.value.problems] == [(message, written)]
    read_hours(written, TZ, "NL")


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("Mo-Su 08:30-22:00; PH", "PH"),
        ("Mo-Su 08:30-22:00, PH", "PH"),
        ("Mo-Fr 09:00-17:00; Dec 24", "Dec 24"),
        ("Mo-Su 08:30-22:00; PH open", "PH"),
        ("Mo-Su, PH", "Mo-Su"),
        ("Mo-Fr, Su 09:00-17:00; PH off", "Mo-Fr"),
        ("Mo-Su 08:30-22:00; PH, Dec 24 off", "PH"),
        ("Mo-Fr 09:00-17:00, Sa, Su 10:00-12:00", "Sa"),
    ],
)
def test_days_without_a_time_are_never_whole_days(expression: str, days: str) -> None:
    """Days without a time are refused, whatever stands round them, and so is the word `open` without one."""
    with pytest.raises(ProblemError) as refused:
        read_hours(expression, TZ, "NL")
    assert [(one.message, one.values["written"]) for one in refused.value.problems] == [("hours-all-day", days)]


@pytest.mark.parametrize("expression", ["Mo-Fr 09:00-12:00, 13:00-17:00", "Mo-Fr 09:00-17:00, Sa 10:00-12:00"])
def test_a_space_after_a_time_is_what_it_seems(expression: str) -> None:
    """After a time a space changes nothing, and stays: on other days, and at night, it is closed."""
    hours = read_hours(expression, TZ, "NL")
    assert isinstance(hours.at(at("2026-11-25T03:00"))[0], Closed)
    assert isinstance(hours.at(at("2026-11-29T11:00"))[0], Closed)
    assert isinstance(hours.at(at("2026-11-25T11:00"))[0], Open)


def test_day_and_night_has_no_holidays() -> None:
    """Nobody is asked what happens on a holiday to a number that says 24/7; to one with other hours they are."""
    christmas = date(2026, 12, 25), date(2026, 12, 26)
    assert unnamed_holidays(read_hours("24/7", TZ, "NL"), *christmas) == {}
    assert unnamed_holidays(read_hours("Mo-Su 08:30-22:00", TZ, "NL"), *christmas) == {christmas[0]: "christmas"}
    assert unnamed_holidays(read_hours("Mo-Su 08:30-22:00; Dec 25 off", TZ, "NL"), *christmas) == {}


@pytest.mark.parametrize(
    "expression",
    [
        "Mo-Fr 09:00-17:00; 2031 Jan 2 off",
        "Mo-Fr 09:00-17:00; Feb 29 off",
        "Mo-Fr 09:00-17:00; week 53 off",
        "Mo-Fr 09:00-17:00, Sa 10:00-12:00",
        "off",
    ],
)
def test_a_rule_that_takes_effect_now_and_then_is_fine(expression: str) -> None:
    """A rule for a rare day or a year ahead takes effect some day."""
    read_hours(expression, TZ, None)


def test_holidays_are_known_by_the_code_of_a_country() -> None:
    """NL has public holidays; the name of the country, or no country, has none."""
    assert [has_holidays(country) for country in ("NL", "ES", "Nederland", "nl", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_nights_that_are_meant_are_not_doubted() -> None:
    """A night may end in the morning, or stand beside a day from midnight; an end in the afternoon is doubted."""
    whole = "Mo-Sa 00:00-24:00; Su 00:00-22:00,22:00-06:00"
    for expression in ("Mo-Su 22:00-06:00", "Mo 00:00-06:00; Tu 20:00-14:00", whole):
        assert list(unlikely(read_hours(expression, TZ, None))) == []
    assert [found[0] for found in unlikely(read_hours("Mo-Su 22:00-14:00", TZ, None))] == ["doubt-night"]


EASTER = {2025: date(2025, 4, 20), 2026: date(2026, 4, 5), 2027: date(2027, 3, 28), 2028: date(2028, 4, 16)}
FIXED = {"Jan 01", "Apr 27", "Dec 25", "Dec 26"}
WHEN: dict[str, Callable[[date], bool]] = {
    "Mo-Su": lambda _: True,
    "Mo": lambda day: day.weekday() == 0,
    "Mo-Fr": lambda day: day.weekday() < 5,
    "Fr-Sa": lambda day: day.weekday() in {4, 5},
    "Sa-Su": lambda day: day.weekday() > 4,
    "We[1]": lambda day: day.weekday() == 2 and day.day < 8,
    "2026 Dec 24": lambda day: day == date(2026, 12, 24),
    "Mar 29": lambda day: (day.month, day.day) == (3, 29),
    "Oct 25": lambda day: (day.month, day.day) == (10, 25),
    "easter": lambda day: day == EASTER[day.year],
    "PH": lambda day: f"{day:%b %d}" in FIXED or (day - EASTER[day.year]).days in {0, 1, 39, 49, 50},
}
"""Days as an editor writes them, and which they are."""

Rule = tuple[str, str]
"""The days of a rule and its hours, such as 22:00-06:00, or "off"."""


def written(rules: list[Rule]) -> str:
    """Rules as an editor writes them."""
    return "; ".join(" ".join(rule) for rule in rules)


def begun(rules: list[Rule], day: date) -> str:
    """The hours that begin on a day: those of the last rule for it. An independent model, as small as the promise."""
    return next((times for days, times in reversed(rules) if WHEN[days](day)), "off")


def is_open(rules: list[Rule], now: datetime) -> bool:
    """Whether hours that began on the day of a local moment, or the day before, go on."""
    found = [(begun(rules, now.date() - timedelta(days=before)), 24 * before) for before in (0, 1)]
    clock = now.hour * 60 + now.minute
    for times, passed in ((times, passed) for times, passed in found if times != "off"):
        begin, end = (60 * int(time[:2]) + int(time[3:]) for time in times.split("-"))
        end += 1440 * (end <= begin)
        closed = now.fold and end - 60 * passed < 180  # in the hour that the clock shows for the second time
        if begin <= clock + 60 * passed < end and not closed:
            return True
    return False


clocks = st.builds("{:02}:{:02}-{:02}:{:02}".format, *[st.integers(0, 23), st.sampled_from([0, 15, 30, 59])] * 2)
hours_of_a_day = clocks | st.sampled_from(["off", "00:00-24:00", "00:00-32:00", "20:00-01:00", "22:00-00:00"])
rules = st.lists(st.tuples(st.sampled_from(list(WHEN)), hours_of_a_day), min_size=1, max_size=4)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - UTC


@pytest.mark.parametrize("seed", range(12))
def test_a_night_belongs_to_the_day_on_which_it_begins(seed: int) -> None:
    """At every quarter of an hour of two years it is open exactly when hours that began say so, at night too."""
    draw = Random(seed)  # noqa: S311 - the same schedules in each run
    times = "22:00-06:00 17:00-08:00 20:00-02:30 02:30-17:00 00:00-24:00 00:00-32:00 22:15-00:00 off".split()
    drawn = [("Mo-Su", draw.choice(times[:3])), *((draw.choice(list(WHEN)), draw.choice(times)) for _ in range(3))]
    opened = Hours(written(drawn), TZ, "NL").spans(at("2026-01-01"), at("2028-01-01"))
    spans = [(begin.astimezone(UTC), until.astimezone(UTC)) for begin, until in opened]
    now, end = at("2026-01-01").astimezone(UTC), at("2028-01-01").astimezone(UTC)
    while now < end:
        spans = spans[1:] if spans and spans[0][1] <= now else spans
        told = bool(spans) and spans[0][0] <= now
        assert told == is_open(drawn, now.astimezone(TZ)), f"{written(drawn)} at {now}"
        now += 15 * MINUTE


@pytest.mark.parametrize(
    ("expression", "moment"),
    [
        ("Mo-Su 22:00-06:00; 2026 Dec 02 off", "2026-12-03T01:00"),
        ("Mo-Su 22:00-06:00; PH off", "2026-12-27T01:00"),
        ("24/7; Mo-Fr 22:00-06:00; PH off", "2026-12-25T12:00"),
    ],
)
def test_a_closed_night_is_closed_until_it_is_over(expression: str, moment: str) -> None:
    """The night that would begin on a closed day is closed after midnight too, and the caller hears until when."""
    opening, holds = Hours(expression, TZ, "NL").at(at(moment))
    assert isinstance(opening, Closed)
    assert opening.at
    assert holds > at(moment)


@settings(deadline=None)  # a rule for a rare day is looked for over several years
@given(rules, moments)
def test_an_opening_holds_until_it_says(drawn: list[Rule], now: datetime) -> None:
    """From a moment until the end that is told, the answer is the same, and it is what the rules say."""
    try:
        hours = read_hours(written(drawn), TZ, "NL")
    except ProblemError:  # a rule without effect
        reject()
    opening, holds = hours.at(now)
    assert now < holds <= now + timedelta(days=1, hours=1)
    assert hours.at(holds - MINUTE)[0] == hours.at(now + (holds - now) / 2)[0] == opening
    assert isinstance(opening, Open) == is_open(drawn, now.astimezone(TZ))
    if isinstance(opening, Closed) and opening.at:
        assert timedelta() < opening.at.replace(tzinfo=TZ) - now <= HORIZON
        assert opening.days <= HORIZON.days
