"""What tests of all folders share: a sandbox that runs, in place of the real API."""

import os

import pytest

from importer.sandbox import SandboxOptions, running

# Whatever language the machine speaks, what the tests expect is English unless they say otherwise.
os.environ["IMPORTER_LANGUAGE"] = "en"


@pytest.fixture(scope="session")
def _one_sandbox():
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_one_sandbox):
    """A sandbox without records, faults or requests; `sandbox.reset(SandboxOptions(...))` turns its switches."""
    _one_sandbox.reset(SandboxOptions())
    return _one_sandbox
