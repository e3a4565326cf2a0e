"""Sources of octets for the tests of views: enormous ones, growing ones, ones that fail."""

from workbench.errors import LocalFault


class Counting:
    """As many octets as wished, none of them kept: each is the low octet of its own offset divided by seven."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.reads: list[int] = []

    def __len__(self) -> int:
        return self.size

    def read(self, start: int, stop: int) -> bytes:
        stop = min(stop, self.size)
        self.reads.append(stop - start)
        return bytes((at // 7) & 0xFF for at in range(start, stop))


class Growing:
    """Octets that become more."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    def read(self, start: int, stop: int) -> bytes:
        return self.data[start:stop]


class Broken:
    """A spool whose disk went away."""

    def __len__(self) -> int:
        return 100

    def read(self, start: int, stop: int) -> bytes:
        raise LocalFault("the spool cannot be read any more", stage="transcript", errno_name="EIO")
