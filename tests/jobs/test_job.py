"""A job that nobody launched can't be waited for."""

import pytest

from workbench.errors import LocalMisuse
from workbench.jobs.job import Job, current_job


async def test_outside_any_job_there_is_none():
    assert current_job() is None
    with pytest.raises(LocalMisuse):
        await Job("x", "", None).wait()


def test_the_fraction_is_unknown_without_a_total_and_never_above_one():
    job = Job("x", "", None)
    assert job.fraction is None
    job.progress(5, total=4)
    assert job.fraction == 1.0
