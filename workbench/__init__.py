"""Network Workbench: do network protocols by hand and see what happens."""

__version__ = "0.1.0"
