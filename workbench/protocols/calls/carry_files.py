"""Carrying out the calls on files: each in a thread, since a file reads and writes until it is done. As in carry.py."""

from collections.abc import Awaitable, Callable
from typing import Final

from workbench.errors import LocalMisuse
from workbench.formats.quantity import octets
from workbench.protocols.calls.held import HeldFile
from workbench.protocols.calls.making import Making, Result, wall_time
from workbench.wire.bare import PatientSocket, file_over

NO_FILE = "datagrams have borders, and a file has none: half of one would be read, the rest lost"
"""Why a datagram socket is not read as a file."""
MAX_READ = 1024 * 1024


async def _makefile(making: Making) -> Result:
    held = making.on
    if not held.is_stream:
        raise LocalMisuse(
            f"no file over {held.name}: {NO_FILE}", stage="input", advice="recv takes one datagram"
        )
    if held.sock.fileno() < 0:
        raise OSError(9, "Bad file descriptor")
    mode, size = making["mode"], making["buffering"]
    patient = PatientSocket(held.sock, lambda: held.timeout_s)
    try:
        file = file_over(patient, mode, size)
    except ValueError:
        patient.release()
        raise
    name = making.desk.name(making.made, is_file=True)
    making.desk.files[name] = HeldFile(name, held, patient, file, mode, size)
    owners = making.desk.holders(held)
    return Result(type(file).__name__, made=(name,), remark=f"{len(owners)} owners: {', '.join(owners)}")


async def _write(making: Making) -> Result:
    file, data = making.over, making["data"]
    what = data.decode("utf-8", "replace") if file.is_text else data
    before = file.octets_held
    file.wrote(making.number, len(data), wall_time())
    try:
        count = await file.patient.run(lambda: file.file.write(what))
    finally:
        file.record()
    held = file.octets_held
    remark = f"{octets(held)} wait in the buffer: the system has none of them" if held else ""
    if not held and before:
        remark = "the buffer was full, and went to the system"
    return Result(str(count), accepted=max(0, len(data) - held), offered=len(data), remark=remark)


async def _flush(making: Making) -> Result:
    file = making.over
    before = file.octets_held
    try:
        await file.patient.run(file.file.flush)
    finally:
        file.record()
    return Result(
        accepted=before - file.octets_held,
        offered=before,
        remark=f"{octets(before)} went from the buffer to the system" if before else "the buffer was empty",
    )


async def _reading(making: Making, file: HeldFile, call: Callable[[], object]) -> Result:
    came = b""
    try:
        what = await file.patient.run(call)
    finally:
        came = file.record()
    data = what.encode() if isinstance(what, str) else bytes(what) if isinstance(what, bytes) else b""
    remark = "the end: the peer has finished" if what in ("", b"") else ""
    if isinstance(what, str) and what.endswith("\n") and b"\r\n" in came:
        remark = "newline translated: the text layer makes \\n of \\r\\n"
    shown = repr(what)
    return Result(shown if len(shown) <= 200 else f"{shown[:200]}...", data=data, remark=remark)


def _limit(making: Making, name: str) -> int:
    number = int(making[name])
    if number > MAX_READ:
        raise LocalMisuse(f"one read of a file asks for at most {MAX_READ}", stage="input")
    return MAX_READ if number < 0 else number


async def _readline(making: Making) -> Result:
    file, limit = making.over, _limit(making, "limit")
    return await _reading(making, file, lambda: file.file.readline(limit))


async def _read(making: Making) -> Result:
    file, size = making.over, _limit(making, "size")
    return await _reading(making, file, lambda: file.file.read(size))


async def _close(making: Making) -> Result:
    file = making.over
    before = file.octets_held
    try:
        await file.patient.run(file.file.close)
    finally:
        file.record()
        file.is_closed = bool(file.file.closed)
    owners = making.desk.holders(file.held)
    verb = "owns" if len(owners) == 1 else "own"
    left = (
        f"{', '.join(owners)} still {verb} the connection"
        if owners
        else "nobody owns the connection any more"
    )
    went = f"{octets(before)} left the buffer; " if before else ""
    return Result(remark=f"{went}{left}")


CARRY_FILES: Final[dict[str, Callable[[Making], Awaitable[Result]]]] = {
    "makefile": _makefile,
    "file_write": _write,
    "flush": _flush,
    "readline": _readline,
    "file_read": _read,
    "file_close": _close,
}
