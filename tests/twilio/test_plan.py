# SPDX-License-Identifier: EUPL-1.2
"""`ivr twilio plan`: each thing that keeps a call from the line is told, with what to do about it."""

import pytest

from tests.twilio import service as twilio
from tests.twilio.conftest import FALLBACK, Run
from tests.twilio.service import Service

VOICE_URL = "https://lijn.example/voice#ct=2000&rt=4000&tt=12000&rc=2&rp=all"


def ready(service: Service) -> None:
    """Make everything as it should be."""
    service.routes[twilio.NUMBER] = "ie1"
    service.records["ie1"] = [
        twilio.record(voice_url=VOICE_URL, voice_fallback_url=FALLBACK, voice_fallback_method="GET")
    ]
    service.insights["advanced_features"] = False


def test_the_region_comes_first(run: Run, service: Service) -> None:
    """A new number, which US1 serves, is shown with what would change: the region first, then the number there."""
    result = run("plan")
    assert result.exit_code == 2
    assert result.output.index("- voice_region: us1") < result.output.index(
        "- voice_url: https://demo.example/welcome/"
    )
    for field, value in {"voice_region": "ie1", "voice_url": VOICE_URL, "voice_fallback_url": FALLBACK}.items():
        assert f"+ {field}: {value}\n" in result.output
    assert "+ voice_fallback_method: GET" in result.output
    assert "+ advanced_features: False" in result.output
    assert "would change 5 fields" in result.output
    assert not service.written


def test_a_number_of_a_language_leads_to_its_address(run: Run, service: Service) -> None:
    """With --language the number gets the address that answers in it; a language that is not offered is refused."""
    assert not service.written
    assert f"+ voice_url: {VOICE_URL.replace('/voice', '/voice/en')}\n" in run("plan", "--language", "en").output
    refused = run("plan", "--language", "tlh")
    assert refused.exit_code == 2
    assert "tlh is not on this card. What is on it: nl, en." in refused.output


def test_all_is_well(run: Run, service: Service) -> None:
    """Where all is as it should be, nothing would change, and the exit code is 0."""
    ready(service)
    result = run("plan")
    assert result.exit_code == 0
    assert "would change 0 fields (~); 0 things" in result.output
    assert "Webhook rules ◇" in result.output  # what no API shows is said each time


def test_region_and_edge_are_both_asked(run: Run, service: Service) -> None:
    """The number's record is read in its region over its edge, and the account where it has no region."""
    run("plan")
    hosts = {host.partition("/")[0] for _, host, _ in service.seen}
    assert {one for one in hosts if one.startswith("api.")} == {"api.dublin.ie1.twilio.com", "api.twilio.com"}
    assert "routes.twilio.com" in hosts


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"voice_application_sid": "AP" + "9" * 32}, "no address below counts"),
        ({"trunk_sid": "TK" + "9" * 32}, "SIP trunk"),
        ({"voice_receive_mode": "fax"}, "receives faxes"),
        ({"voice_method": "GET"}, "answers POST only"),
        ({"voice_url": VOICE_URL.partition("#")[0]}, "lets it ask again"),
        ({"status_callback": "https://x.example/"}, "never asks for that"),
        ({"voice_caller_id_lookup": True}, "- voice_caller_id_lookup: True"),
    ],
)
def test_what_keeps_calls_from_the_line(run: Run, service: Service, fields: twilio.Json, shown: str) -> None:
    """One wrong field of the number is one change, with the reason."""
    ready(service)
    service.records["ie1"][0] |= fields
    result = run("plan")
    assert result.exit_code == 2
    assert shown in result.output
    assert "would change 1 fields" in result.output


def test_a_password_is_not_shown(run: Run, service: Service) -> None:
    """An address that somebody gave a password, or a secret behind a question mark, is shown without it."""
    ready(service)
    service.records["ie1"][0]["voice_url"] = "https://somebody:hunter2@old.example/voice?key=hunter2#rc=2"
    result = run("plan")
    assert "- voice_url: https://…@old.example/voice?…#rc=2" in result.output
    assert "hunter2" not in result.output


WRONG: dict[str, tuple[twilio.Json, str]] = {
    "suspended": ({"account": {"status": "suspended"}}, "not active (suspended)"),
    "trial": ({"account": {"type": "Trial"}}, "trial account"),
    "no money": ({"balance": "19.99"}, "19.99 USD, less than 20"),
    "bundle in review": ({"bundle": {"status": "in-review"}}, "not approved (in-review)"),
    "bundle that ends": ({"bundle": {"valid_until": "2027-01-31T00:00:00Z"}}, "valid until 2027-01-31"),
    "address": ({"address": {"validated": False}}, "requires an address"),
    "recorded": ({"recordings": [{"sid": "RE" + "0" * 32}]}, "recordings in this account"),
    "transcribed": ({"transcriptions": [{"sid": "TR" + "0" * 32}]}, "transcriptions in this account"),
    "no permission": ({"countries": [twilio.country("NL", "+31")]}, "may not be called"),
    "unknown country": ({"countries": []}, "may not be called"),
    "no papers": ({"number": {"bundle_sid": None}}, "has no bundle"),
    "no address": ({"number": {"address_sid": None}}, "requires an address"),
    "no calls": ({"number": {"capabilities": {"voice": False}}}, "takes no calls"),
    "codes that begin alike": (
        {
            "countries": [
                twilio.country("NL", "+31", "low_risk_numbers"),
                twilio.country("XX", "+3", "low_risk_numbers"),
            ]
        },
        "whoever steals a key: XX.",
    ),
    "wider": (
        {
            "countries": [
                twilio.country("NL", "+31", "low_risk_numbers", "high_risk_special_numbers"),
                twilio.country("LV", "+371", "low_risk_numbers"),
            ]
        },
        "card connects to, also by whoever steals a key: LV, NL.",
    ),
}


def changed(service: Service, fields: twilio.Json) -> None:
    """All is as it should be but for these fields; those of `number` are of its record."""
    ready(service)
    for field, value in fields.items():
        now = service.records["ie1"][0] if field == "number" else getattr(service, field)
        if isinstance(now, dict):
            now |= value
        else:
            setattr(service, field, value)


@pytest.mark.parametrize("name", WRONG)
def test_what_a_person_must_do(run: Run, service: Service, name: str) -> None:
    """What `apply` does not write is told with the way in the console."""
    fields, shown = WRONG[name]
    changed(service, fields)
    result = run("plan")
    assert result.exit_code == 2
    assert shown in result.output
    things = 2 if name == "no calls" else 1  # it is the caller id too
    assert f"0 fields (~); {things} things" in result.output


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"account": {"owner_account_sid": twilio.ACCOUNT}}, "Give the line a subaccount of its own"),
        ({"balance": None}, "Look at its parent whether it holds more than 20"),
        ({"number": {"address_requirements": "none", "address_sid": None}}, "would change 0 fields (~); 0 things"),
    ],
    ids=["a main account", "a subaccount", "no address required"],
)
def test_what_keeps_nothing_from_the_line(run: Run, service: Service, fields: twilio.Json, shown: str) -> None:
    """What a person may look at, or Twilio does not ask for, is well."""
    changed(service, fields)
    result = run("plan")
    assert (result.exit_code, shown in result.output) == (0, True)


def test_another_caller_id(run: Run, service: Service) -> None:
    """A caller id that is not a number of ours is told; one that is, is well."""
    ready(service)
    other = "+3197010200002"
    result = run("plan", "--number", twilio.NUMBER, IVR_CALLER_ID=other)
    assert "Set a number of your own" in result.output
    service.caller_ids = [{"phone_number": other}]
    assert run("plan", "--number", twilio.NUMBER, IVR_CALLER_ID=other).exit_code == 2  # verified, which counts in US1
    service.records["ie1"].append(twilio.record(phone_number=other))
    assert run("plan", "--number", twilio.NUMBER, IVR_CALLER_ID=other).exit_code == 0


def test_a_verified_caller_id_works_in_us1_only(run: Run, service: Service) -> None:
    """In US1 a number that Twilio verified may be shown, and all of it is asked with one key."""
    ready(service)
    service.records["us1"], service.routes[twilio.NUMBER] = service.records["ie1"], "us1"
    service.caller_ids = [{"phone_number": "+31101234567"}]
    us1 = {"TWILIO_REGION": "us1", "TWILIO_EDGE": "ashburn", "TWILIO_API_KEY": twilio.HOME_KEY}
    chosen = us1 | {"TWILIO_US1_API_KEY": None, "TWILIO_US1_API_KEY_SECRET": None, "IVR_CALLER_ID": "+31101234567"}
    assert run("plan", "--number", twilio.NUMBER, **chosen).exit_code == 0
    service.caller_ids = []
    assert run("plan", "--number", twilio.NUMBER, **chosen).exit_code == 2


def test_a_line_that_connects_nothing(run: Run, service: Service) -> None:
    """Without a caller id nothing is connected, so that no country need be called."""
    ready(service)
    service.countries = [twilio.country("NL", "+31", "low_risk_numbers")]
    result = run("plan", "--number", twilio.NUMBER, IVR_CALLER_ID=None)
    assert "whoever steals a key: NL." in result.output
    assert "nothing is connected" in result.output


def test_an_address_without_tls(run: Run, service: Service) -> None:
    """A line that is not reached over TLS is told before anybody calls it."""
    ready(service)
    assert "does not begin with https" in run("plan", IVR_PUBLIC_URL="http://lijn.example").output


def test_a_fallback_that_is_not_known(run: Run, service: Service) -> None:
    """Without a fallback the one at Twilio is left as it is, and the lack of ours told."""
    ready(service)
    service.records["ie1"][0]["voice_fallback_url"] = "https://other.example/"
    result = run("plan", IVR_FALLBACK_URL=None)
    assert "IVR_FALLBACK_URL is missing" in result.output
    assert "would change 0 fields" in result.output


def test_what_a_key_may_not_see(run: Run, service: Service) -> None:
    """What a key has no right to see is marked, the rest is shown, and the exit code is no success."""
    ready(service)
    denied = '{"code": 20003, "message": "Permission denied", "status": 403}'
    service.failing = {"Balance": (403, denied), "routes": (401, denied), "DialingPermissions": (404, "not json")}
    result = run("plan")
    assert result.exit_code == 1
    assert "? region" in result.output
    assert "? balance       The key may not do this (api.twilio.com, error 20003)" in result.output
    assert "? permissions" in result.output
    assert "✓ number" in result.output


def test_another_region_without_a_key_for_us1(run: Run, service: Service) -> None:
    """The login of a region does not open what stands in US1, and the cure is told."""
    ready(service)
    result = run("plan", TWILIO_US1_API_KEY=None, TWILIO_US1_API_KEY_SECRET=None)
    assert result.exit_code == 1
    assert "the login of ie1 does not count. Set TWILIO_US1_API_KEY" in result.output


def test_the_key_of_the_parent(run: Run, service: Service) -> None:
    """A key of the parent shows the parent's settings, which are not those of the line."""
    ready(service)
    result = run("plan", TWILIO_US1_API_KEY=twilio.PARENT_KEY)
    assert "This key is of another account than " + twilio.ACCOUNT in result.output
    assert result.exit_code == 1


def test_pages(run: Run, service: Service) -> None:
    """What stands on a later page counts as well."""
    ready(service)
    service.page = 1
    service.records["ie1"].insert(0, twilio.record(sid="PN" + "0" * 32, phone_number=twilio.NUMBER + "99"))
    service.countries.append(twilio.country("LV", "+371", "low_risk_numbers"))
    assert "whoever steals a key: LV." in run("plan").output
