"""The shop's account that the sandbox plays: its records, its tokens and the switches in force."""

from dataclasses import dataclass, field

from importer.sandbox.options import SandboxOptions
from importer.sandbox.store import Store
from importer.sandbox.tokens import Tokens


@dataclass(slots=True)
class Account:
    """What all requests work on.  `options` change when the sandbox is reset."""

    store: Store
    options: SandboxOptions
    url: str
    """Root of the sandbox, such as http://127.0.0.1:8765; stored pictures are found below it."""
    tokens: Tokens = field(default_factory=Tokens)
