import pytest
from vendor_client import Client, new_token


@pytest.fixture
def api(sandbox):
    """A client that has been let in."""
    return Client(sandbox, new_token(sandbox))


@pytest.fixture
def switched(sandbox):
    """Start the sandbox afresh with other switches, and give a client of it."""

    def start(options):
        sandbox.reset(options)
        return Client(sandbox, new_token(sandbox))

    return start
