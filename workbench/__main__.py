"""`workbench`: without arguments the window, `workbench tour` the tour, everything else the terminal face.

The only place that knows both faces, so that a verb of the terminal never imports Qt.
"""

import sys


def main() -> int:
    """The command `workbench`; returns its exit code."""
    arguments = sys.argv[1:]
    if not arguments:
        return main_window()
    if arguments[0] == "tour":
        from workbench import tour

        return tour.main(arguments[1:])
    try:
        from workbench.cli.main import main as terminal

        return terminal(arguments)
    except KeyboardInterrupt:
        # While modules load, or a second one while the first is obeyed: what is held then ends with its pipes.
        eval("0")  # see workbench.cli.main
        return 130


def main_window() -> int:
    """The command `workbench-gui`, and `workbench` without arguments: open the window."""
    from workbench.display import display, is_needed

    screen = display()
    if is_needed() and (screen is None or screen.fault):
        return _without_display("" if screen is None else f": {screen.name}, and {screen.fault}")
    import gc

    # Nothing that is made before the first paint is garbage; looking for some takes a twentieth of the start. The
    # window turns it on again.
    gc.disable()
    try:
        from workbench import app

        return app.main_window(sys.argv[1:])
    finally:
        gc.enable()


def _without_display(why: str) -> int:
    """Say it in words: Qt would abort the process."""
    from workbench.cli.output import Output
    from workbench.errors import LocalFault

    return Output().fail(
        LocalFault(
            f"there is no display to open a window on{why}",
            stage="window",
            advice="workbench --help lists what the terminal can; workbench tour --out DIR takes pictures of it",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
