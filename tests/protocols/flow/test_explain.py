"""Every fact of a pipe has a sentence; the wire's keep theirs."""

import ast
from pathlib import Path

import workbench.protocols.flow
from workbench.protocols.flow.explain import FACTS, explain
from workbench.transcript.recorder import Transcript

SAMPLES = {
    "pipe.frozen": {"taken": 57344, "sentence": "both write"},
    "pipe.remedy": {"remedy": "both"},
    "pipe.gave_up": {"taken": 57344, "sentence": "too slow"},
}


def test_every_fact_that_is_recorded_is_explained():
    names = set()
    for file in Path(workbench.protocols.flow.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "fact":
                names.add(node.args[0].value)
    assert names == set(FACTS) == set(SAMPLES)
    transcript = Transcript()
    channel = transcript.open("x", "tcp")
    for name, values in SAMPLES.items():
        told = explain(transcript, transcript[channel.fact(name, **values)])
        assert told.what
        assert told.text
    assert "56.0 KiB" in explain(transcript, transcript[0]).what
    assert explain(transcript, transcript[channel.fact("remedy.unknown")]) is None
    assert explain(transcript, transcript[channel.fact("finish.sent")]).what
    transcript.close()
