import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.sandbox import Fault, fault_of
from importer.sandbox.faults import DEFAULTS, OPTIONS, fault_from


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("POST /shipments:drop_after:times=2", Fault("drop_after", match="POST /shipments", times=2)),
        ("expire_tokens", Fault("expire_tokens")),
        ("latency:seconds=0.5", Fault("latency", seconds=0.5)),
        ("*:rate_limit:rate=5,burst=10,retry_after=date", Fault("rate_limit", rate=5, burst=10, retry_after="date")),
        (
            "PUT /order_items/{id}:status:status=504:stored=true:probability=0.1",
            Fault("status", match="PUT /order_items/{id}", status=504, stored=True, probability=0.1),
        ),
        (
            " GET * : redirect:location=http://127.0.0.1:80/,x",
            Fault("redirect", match="GET *", location="http://127.0.0.1:80/,x"),
        ),
        ("*:drop_before:skip=3,close=reset", Fault("drop_before", skip=3, close="reset")),
    ],
)
def test_text_of_a_fault(text, fault):
    """A fault is written as what it matches, its kind and its options."""
    assert fault_of(text) == fault


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 'there is no fault of kind ""; there are: status, drop_before'),
        ("POST /orders", 'there is no fault of kind "POST /orders"'),
        ("POST /orders:drop", 'there is no fault of kind "drop"'),
        (":drop_after", 'nothing stands before the first ":"'),
        ("POST orders:drop_after", 'match is "POST orders"; wanted is a method and a path'),
        ("*:drop_after:times=often", 'times is "often"; wanted is a whole number'),
        ("*:drop_after:times=-1", 'times is "-1"; wanted is a whole number'),
        ("*:drop_after:time=1", 'a fault has no option "time"; there are: kind, match, times'),
        (
            "*:drop_after:seconds=1",
            "fault drop_after: it takes no seconds, only match, times, probability, skip, close",
        ),
        ("*:drop_after:close=slowly", 'close is "slowly"; wanted is eof, reset or hang'),
        ("*:status:status=99", 'status is "99"; wanted is a status code from 200 to 599'),
        ("*:status:stored=yes", 'stored is "yes"; wanted is true or false'),
        ("*:status:probability=1.5", 'probability is "1.5"; wanted is a number from 0 to 1'),
        ("*:latency:seconds=nan", 'seconds is "nan"; wanted is a number of seconds'),
        ("*:rate_limit", "wanted is rate, a number of requests per second above 0"),
        ("*:rate_limit:rate=1,burst=0", 'burst is "0"; wanted is a whole number from 1'),
    ],
)
def test_wrong_texts(text, words):
    """A text that is no fault is told in a sentence that says what was found and what is wanted."""
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        fault_of(text)

    assert words in str(caught.value)


@given(st.text() | st.from_regex(r"[A-Z*]{1,4} /[a-z]{0,5}:(status|latency|drop_after)([:,][a-z_]{1,9}=[\w.]{0,5})*"))
def test_any_text(text):
    """Any text at all is a fault or a ValueError, never another trouble."""
    try:
        fault = fault_of(text)
    except ValueError:
        return
    assert fault.kind in OPTIONS


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()) | st.just({})


@given(
    JSON
    | st.fixed_dictionaries(
        {"kind": st.sampled_from([*OPTIONS])}, optional={name: JSON for name in (*DEFAULTS, "other") if name != "kind"}
    )
)
def test_any_json(members):
    """Any JSON at all is a fault that can be written as JSON again, or a ValueError."""
    try:
        fault = fault_from(members)
    except ValueError:
        return
    assert fault_from(fault.members) == fault
