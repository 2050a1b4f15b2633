"""The sandbox's own paths below /_sandbox: look at it, reset it, make things go wrong.  No part of the imitation."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, json_answer, problem
from importer.sandbox.dial import Dial
from importer.sandbox.faults import fault_from
from importer.sandbox.journal import Journal
from importer.sandbox.options import SandboxOptions, options_from
from importer.sandbox.shipments import deliver

PREFIX = "/_sandbox"


class Underway:
    """What is being answered or will be carried out later, so that it can be given up."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def add(self, task: asyncio.Task[Any]) -> None:
        """Remember *task* until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def later(self, seconds: float, act: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Carry *act* out after so many seconds, unless it is given up before."""

        async def wait_and_act() -> None:
            await asyncio.sleep(seconds)
            await act()

        self.add(asyncio.create_task(wait_and_act()))

    def give_up(self) -> None:
        """Let nothing of it go on."""
        for task in self._tasks:
            task.cancel()


@dataclass(slots=True)
class Controls:
    """All parts of a sandbox that can be looked at or changed while it runs."""

    account: Account
    dial: Dial
    journal: Journal = field(default_factory=Journal)
    underway: Underway = field(default_factory=Underway)

    def reset(self, options: SandboxOptions) -> None:
        """Start afresh with *options*: no records, no requests, no tokens; faults as the options say.

        Requests under way are given up, so that nothing spills over.
        """
        self.underway.give_up()
        self.account.options = options
        self.account.store.clear()
        self.account.tokens.forget()
        self.dial.set(options.faults, options.seed)
        self.journal.clear()


def add_to(app: FastAPI, controls: Controls, first: SandboxOptions) -> None:
    """Add the sandbox's own paths to *app*; a reset without options goes back to the *first* ones."""

    def state(_: object) -> Answer:
        return json_answer(200, controls.account.store.everything())

    def requests(_: object) -> Answer:
        return json_answer(200, controls.journal.entries())

    def reset(body: object) -> Answer:
        changed = body.get("options") if isinstance(body, dict) else None
        controls.reset(first if changed is None else options_from(changed, state=first.state))
        return Answer(204)

    def faults(_: object) -> Answer:
        return json_answer(200, controls.dial.report())

    def set_faults(body: object) -> Answer:
        sent = body if isinstance(body, dict) else {"faults": body}
        listed, seed = sent.get("faults"), sent.get("seed", controls.account.options.seed)
        if not isinstance(listed, list) or not isinstance(seed, int):
            return problem(400, 'A list of faults is wanted, or {"faults": [...], "seed": 1}.')
        controls.dial.set([fault_from(one) for one in listed], seed)
        return faults(None)

    def delivered(body: object) -> Answer:
        number = body.get("shipment_id") if isinstance(body, dict) else None
        return Answer(204) if deliver(controls.account, number) else problem(404)

    for method, name, act in (
        ("GET", "state", state),
        ("GET", "requests", requests),
        ("POST", "reset", reset),
        ("GET", "faults", faults),
        ("POST", "faults", set_faults),
        ("POST", "deliver", delivered),
    ):
        app.add_api_route(f"{PREFIX}/{name}", _endpoint(act), methods=[method], include_in_schema=False)


def _endpoint(act: Callable[[object], Answer]) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def endpoint(request: Request) -> Response:
        sent = await request.body()
        try:
            answer = act(json.loads(sent) if sent else None)
        except (ValueError, TypeError) as error:
            answer = problem(400, str(error))
        return Response(answer.body, answer.status, dict(answer.headers))

    return endpoint
