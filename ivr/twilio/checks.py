# SPDX-License-Identifier: EUPL-1.2
"""Everything that must be so at Twilio for a call to reach the line, one small function each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.twilio.account import INSIGHTS, Account, Change, Wanted, record
from ivr.twilio.client import HOME, TwilioError, understood

FLOOR = 20
"""The least balance, in the account's own currency."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check says.

    `status`: "ok"; "change": `apply` writes it; "wrong": a person must, in the console; "unseen": Twilio did not show
    it; "look": nothing can show it, so a person looks. `message` is an id, with its values.
    """

    check: str
    status: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    change: Change | None = None


Check = Callable[[Account, Wanted], Iterator[Checked]]


def examine(account: Account, wanted: Wanted, **more: Check) -> Iterator[Checked]:
    """Run every check, and `more` by their names.

    Raises TwilioError when the number itself cannot be read: then nothing else means anything.
    """
    _ = account.record
    for name, check in {**CHECKS, **more}.items():
        try:
            with understood():
                yield from check(account, wanted)
        except TwilioError as error:
            yield Checked(name, "unseen", error.problems[0].message, error.problems[0].values)


def _changes(check: str, changes: list[Change], good: str, **values: object) -> Iterator[Checked]:
    for change in changes:
        yield Checked(check, "change", f"twilio-change-{change.field}", {}, change)
    if not changes:
        yield Checked(check, "ok", good, values)


def region(account: Account, _: Wanted) -> Iterator[Checked]:
    """The region that serves, since every region has a record of its own for the number."""
    changes = account.difference("route", {"voice_region": account.twilio.region})
    yield from _changes("region", changes, "twilio-region-ok", region=account.twilio.region)


def number(account: Account, wanted: Wanted) -> Iterator[Checked]:
    """What Twilio asks when somebody calls."""
    yield from _changes("number", account.difference("number", record(wanted)), "twilio-number-ok")
    if not account.record.capabilities.get("voice"):
        yield Checked("number", "wrong", "twilio-no-voice")
    if not wanted.voice_url.startswith("https://"):
        yield Checked("number", "wrong", "twilio-not-https")
    if not wanted.fallback_url:
        yield Checked("number", "wrong", "twilio-no-fallback")


def insights(account: Account, _: Wanted) -> Iterator[Checked]:
    """What Voice Insights keeps beyond the minimum."""
    yield from _changes("insights", account.difference("insights", INSIGHTS), "twilio-insights-ok")


def caller_id(account: Account, wanted: Wanted) -> Iterator[Checked]:
    """The number that a connection shows is ours, and can call; a verified number works in US1 only."""
    if wanted.caller_id is None:
        yield Checked("caller-id", "look", "twilio-caller-id-none")
        return
    ours = account.owned(wanted.caller_id)
    if ours is None and account.twilio.region == HOME:
        verified = account.twilio.here.outgoing_caller_ids.list(phone_number=wanted.caller_id)
        good = any(one.phone_number == wanted.caller_id for one in verified)
    else:
        good = ours is not None and bool(ours.capabilities.get("voice"))
    yield Checked("caller-id", *(("ok", "twilio-caller-id-ok") if good else ("wrong", "twilio-caller-id-wrong")))


def permissions(account: Account, wanted: Wanted) -> Iterator[Checked]:
    """The countries that may be called: those of `connect`, and no other.

    https://www.twilio.com/docs/voice/api/dialing-permissions-resources. A calling code may belong to several
    countries; the longest that a number begins with counts.
    """
    listed = account.twilio.home.voice.v1.dialing_permissions.countries.list(page_size=1000)
    needed: set[str] = set()
    blocked = False
    for connect in wanted.connects:
        codes = {code: country for country in listed for code in country.country_codes if connect.startswith(code)}
        longest = max(codes, key=len, default="")
        theirs = [country for country in listed if longest in country.country_codes]
        needed |= {country.iso_code for country in theirs}
        if not any(country.low_risk_numbers_enabled for country in theirs):
            blocked = True
            yield Checked("permissions", "wrong", "twilio-permission-missing", {"number": connect})
    wider = sorted(country.iso_code for country in listed if _wider(country, country.iso_code in needed))
    if wider:
        yield Checked("permissions", "wrong", "twilio-permission-wider", {"countries": ", ".join(wider)})
    elif not blocked:
        yield Checked("permissions", "ok", "twilio-permissions-ok")


def _wider(country: Any, needed: bool) -> bool:  # noqa: ANN401, FBT001 - twilio ships no types
    costly = country.high_risk_special_numbers_enabled or country.high_risk_tollfraud_numbers_enabled
    return bool(costly or (country.low_risk_numbers_enabled and not needed))


def standing(account: Account, _: Wanted) -> Iterator[Checked]:
    """The account is active and no trial; a subaccount keeps this line apart from everything else."""
    shown = account.twilio.home.api.v2010.accounts(account.twilio.account).fetch()
    if shown.status != "active":
        yield Checked("account", "wrong", "twilio-account-status", {"status": shown.status})
    elif shown.type != "Full":
        yield Checked("account", "wrong", "twilio-account-trial")
    else:
        yield Checked("account", "ok", "twilio-account-ok")
    if shown.owner_account_sid == shown.sid:
        yield Checked("account", "look", "twilio-account-main")


def balance(account: Account, _: Wanted) -> Iterator[Checked]:
    """There is money. A subaccount is paid for by its parent, and shows nothing."""
    try:
        shown = account.twilio.home.api.v2010.accounts(account.twilio.account).balance.fetch()
    except TwilioError as error:
        if error.status != 404:
            raise
        shown = None
    if shown is None or shown.balance is None:
        yield Checked("balance", "look", "twilio-balance-parent", {"floor": FLOOR})
        return
    values = {"balance": shown.balance, "currency": shown.currency, "floor": FLOOR}
    low = float(shown.balance) < FLOOR
    yield Checked("balance", "wrong" if low else "ok", "twilio-balance-low" if low else "twilio-balance-ok", values)


def regulation(account: Account, _: Wanted) -> Iterator[Checked]:
    """The papers behind the number are approved, or the number can be taken away."""
    bundle, address = account.record.bundle_sid, account.record.address_sid
    wrong: list[tuple[str, Mapping[str, object]]] = []
    if bundle is None:
        wrong.append(("twilio-bundle-none", {}))
    else:
        papers = account.twilio.home.numbers.v2.regulatory_compliance.bundles(bundle).fetch()
        if papers.status != "twilio-approved":
            wrong.append(("twilio-bundle-status", {"status": papers.status}))
        elif papers.valid_until is not None:
            wrong.append(("twilio-bundle-ends", {"date": papers.valid_until.date()}))
    if account.record.address_requirements != "none":
        addresses = account.twilio.home.api.v2010.accounts(account.twilio.account).addresses
        if address is None or not ((kept := addresses(address).fetch()).verified or kept.validated):
            wrong.append(("twilio-address", {}))
    yield from (Checked("regulation", "wrong", message, values) for message, values in wrong)
    if not wrong:
        yield Checked("regulation", "ok", "twilio-regulation-ok")


def kept(account: Account, _: Wanted) -> Iterator[Checked]:
    """Nothing was recorded or transcribed: one is enough to know that something here does so."""
    here = account.twilio.here
    kept_here = [name for name in ("recordings", "transcriptions") if getattr(here, name).list(limit=1)]
    yield from (Checked("kept", "wrong", f"twilio-{name}") for name in kept_here)
    if not kept_here:
        yield Checked("kept", "ok", "twilio-kept-ok")


def webhook_rules(_: Account, __: Wanted) -> Iterator[Checked]:
    """Rules of the console that override what stands behind `#`: no API that is documented shows them."""
    yield Checked("webhook-rules", "look", "twilio-webhook-rules")


CHECKS: dict[str, Check] = {
    "region": region,
    "number": number,
    "insights": insights,
    "caller-id": caller_id,
    "permissions": permissions,
    "account": standing,
    "balance": balance,
    "regulation": regulation,
    "kept": kept,
    "webhook-rules": webhook_rules,
}
