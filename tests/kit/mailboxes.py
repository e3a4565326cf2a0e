"""Every test finds the Lab's mailboxes as a new Lab has them.

A Lab's mailboxes belong to its process. Services that a test runs in this process would otherwise show what an earlier
test sent there.
"""

from collections.abc import Iterator

import pytest

from workbench.lab.services.mail.house import house


@pytest.fixture(autouse=True)
def new_mailboxes() -> Iterator[None]:
    """Forget the mailboxes of this process after each test; the next one who asks gets new ones."""
    yield
    house.cache_clear()
