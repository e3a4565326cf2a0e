"""A person asks for the time by UDP, selects the answer, and reads what it means and which document says so."""

import pytest

from tests.journeys.person import Workbench
from workbench.transcript.records import Direction


@pytest.mark.covers("I.5")
async def test_the_answer_of_a_time_server_leads_to_its_document(app):
    async with Workbench(app) as person:
        view = await person.connect("lab:udp-time", "client udp")
        # An empty datagram is the question.
        person.click(view.send_button)
        transcript = view.controller.transcript

        def answers() -> list[int]:
            return [
                event.index
                for event in transcript.events()
                if event.kind == "bytes" and event.direction is Direction.RECEIVED
            ]

        await person.until(answers)
        dock = person.program.dock
        dock.show_event(answers()[0])
        await person.until(lambda: "RFC 868: Time Protocol, 1983" in dock.detail.reference.text())
        assert dock.detail.reference.isVisible()
        assert "seconds since 1900" in dock.detail.explanation.text()
