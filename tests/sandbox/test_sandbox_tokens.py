import pytest
import requests
from vendor_client import ORDER, Client, new_token

from importer.sandbox import SandboxOptions


def ask(sandbox, body):
    """The answer to a request for a token."""
    return requests.post(f"{sandbox.base_url}/token", json=body, timeout=20)


def test_token_lets_in(sandbox):
    """With the access key one gets a token, and with the token one is let in as often as one likes."""
    token = ask(sandbox, {"access_key": sandbox.access_key}).json()["token"]

    assert [Client(sandbox, token).get("/orders").status_code for _ in range(2)] == [200, 200]


def test_wrong_access_key(sandbox):
    """Another access key is not let in."""
    reply = ask(sandbox, {"access_key": "wrong"})

    assert (reply.status_code, reply.json()) == (401, {"code": 401, "message": "Bad credentials"})


@pytest.mark.parametrize("body", [{}, [], {"access_key": 5}, {"key": "x"}])
def test_no_access_key(sandbox, body):
    """A request for a token without an access key is a bad request."""
    assert ask(sandbox, body).status_code == 400


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "JWT Token not found"),
        ({"Authorization": "Basic eDp5"}, "JWT Token not found"),
        ({"Authorization": "Bearer wrong"}, "Invalid JWT Token"),
    ],
)
def test_without_token(sandbox, headers, message):
    """Without a token, or with none of ours, nothing is told and nothing is stored."""
    told = requests.get(f"{sandbox.base_url}/orders", headers=headers, timeout=20)
    stored = requests.post(f"{sandbox.base_url}/orders", json=ORDER, headers=headers, timeout=20)

    refusal = (401, {"code": 401, "message": message})
    assert [(reply.status_code, reply.json()) for reply in (told, stored)] == [refusal, refusal]
    assert sandbox.state()["orders"] == []


def test_token_expires(switched):
    """A token is good for as long as the options say, here for no time; then 401 says that it has expired."""
    reply = switched(SandboxOptions(token_life_s=0)).get("/orders")

    assert (reply.status_code, reply.json()) == (401, {"code": 401, "message": "Expired JWT Token"})


@pytest.mark.parametrize(("only_one", "status"), [(False, 200), (True, 401)])
def test_new_token_and_the_old_one(switched, only_one, status):
    """A new token leaves the old one in force, unless the switch says that there is but one."""
    api = switched(SandboxOptions(one_token=only_one))

    newer = Client(api.sandbox, new_token(api.sandbox))

    assert (api.get("/orders").status_code, newer.get("/orders").status_code) == (status, 200)


def test_requests_for_tokens_can_be_counted(sandbox):
    """Requests for tokens are noted like others, but neither access key nor token is."""
    token = ask(sandbox, {"access_key": sandbox.access_key, "id": "x"}).json()["token"]
    ask(sandbox, {"access_key": "wrong"})

    noted = sandbox.requests()

    assert [(one["method"], one["path"], one["status"], one["keys"]) for one in noted] == [
        ("POST", "/token", 200, {}),
        ("POST", "/token", 401, {}),
    ]
    assert sandbox.access_key not in str(noted)
    assert token not in str(noted)
