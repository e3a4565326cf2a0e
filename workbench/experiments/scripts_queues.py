"""The steps about what a system holds, and about waiting, in a script: queues, readiness, servers, TLS, taps."""

from workbench.experiments.script_words import (
    Writer,
    arguments,
    assigned,
    called,
    method,
    options,
    thing,
    variable,
)
from workbench.experiments.values import Step


def _set_options(step: Step) -> list[str]:
    return [f"set_options({thing(step)}, {options(step.given)})"]


def _fill(function: str) -> Writer:
    def write(step: Step) -> list[str]:
        return [assigned(step, f"{function}({thing(step)}, {arguments(step, 'data', 'timeout_s')})")]

    return write


def _gauge(step: Step) -> list[str]:
    return [assigned(step, f"gauge({thing(step)}, {thing(step, 'peer')})")]


def _unplug(step: Step) -> list[str]:
    return [f"unplug({thing(step)}.sock)"]


def _close_waiting(step: Step) -> list[str]:
    return [f"{thing(step)}.close()"]


def _select(step: Step) -> list[str]:
    sockets = ", ".join(
        f"{str(step.given[key])!r}: {variable(step.given[key])}"
        for key in ("on", "and", "and_also")
        if key in step.given
    )
    given = ", ".join(filter(None, (f"{{{sockets}}}", arguments(step, "writing", "at_once", "timeout_s"))))
    return [assigned(step, f"select_lists({given})")]


WRITE_QUEUES: dict[str, Writer] = {
    "set-options": _set_options,
    "fill": _fill("fill"),
    "exchange": _fill("exchange"),
    "gauge": _gauge,
    "count-waiting": called("count_waiting"),
    "unplug": _unplug,
    "close-waiting": _close_waiting,
}
WRITE_READY: dict[str, Writer] = {
    "ask-ready": called("ask_ready"),
    "select": _select,
    "wait-and-spin": called("wait_and_spin"),
    "race": called("race"),
    "measure-asking": called("measure_asking"),
}


def _count_waiting(step: Step) -> list[str]:
    return [assigned(step, f"count_waiting({thing(step)})")]


WRITE_QUEUES["count-waiting"] = _count_waiting


def _serve(step: Step) -> list[str]:
    if "deaf" in step.given:
        return [f"serve_datagrams({arguments(step, 'on', 'be', 'deaf')})"]
    return [assigned(step, f"Serving({arguments(step, *step.given)})")]


WRITE_SERVERS: dict[str, Writer] = {
    "serve": _serve,
    "ask": called("ask"),
    "ask-everybody": called("ask_everybody"),
}


def _start_tls(step: Step) -> list[str]:
    files = []
    if step.given.get("trust", "lab") == "lab" and step.given.get("untrusted") != "show":
        files.append("authority=GIVEN['authority']")
    if "identity" in step.given:
        files.append("identity=GIVEN['identity']")
    asked = arguments(step, "name", "trust", "untrusted", "min_version", "max_version", "timeout_s")
    return [f"start_tls({', '.join(filter(None, (thing(step), *files, asked)))})"]


WRITE_SECURE: dict[str, Writer] = {
    "start-tls": _start_tls,
    "insist": called("insist", "of", "text"),
    "tap": called("Tap"),
    "flip": method("flip"),
    "rewrite": method("rewrite"),
}
