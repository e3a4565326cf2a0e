"""`--receive OUT`: what arrives goes to a file; the window receives in the same way."""

from workbench.protocols.raw.received_file import SUFFIX, ReceivedFile, cut_off

__all__ = ["SUFFIX", "ReceivedFile", "cut_off"]
