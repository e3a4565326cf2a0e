"""The curve of a conversation: samples over time, thinned out where they become too many, and marked moments."""

from workbench.protocols.flow.values import Mark, Sample

MAX_SAMPLES = 1200
"""More than a screen has columns."""
MAX_MARKS = 32


class Curve:
    """Times count from start(). Samples come in order; every second one goes when there are too many."""

    def __init__(self) -> None:
        self._began_s = 0.0
        self._step_s = 0.0
        self._samples: list[Sample] = []
        self._marks: list[Mark] = []

    @property
    def samples(self) -> tuple[Sample, ...]:
        """All that are kept."""
        return tuple(self._samples)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """In their order."""
        return tuple(self._marks)

    def start(self, now_s: float) -> None:
        """The time that counts as 0."""
        self._began_s = now_s

    def add(self, now_s: float, written: int, echoed: int) -> None:
        """One more sample; it takes the place of the last where that is nearer than the curve's step."""
        sample = Sample(now_s - self._began_s, written, echoed)
        if len(self._samples) > 1 and sample.at_s - self._samples[-2].at_s < self._step_s:
            self._samples[-1] = sample
            return
        self._samples.append(sample)
        if len(self._samples) > MAX_SAMPLES:
            span_s = sample.at_s - self._samples[0].at_s
            self._samples = self._samples[::2]
            self._step_s = 2 * span_s / MAX_SAMPLES

    def mark(self, at_s: float, written: int, what: str) -> None:
        """Remember a moment; the first and the newest ones stay."""
        self._marks.append(Mark(at_s - self._began_s, written, what))
        del self._marks[MAX_MARKS // 2 : -MAX_MARKS // 2]
