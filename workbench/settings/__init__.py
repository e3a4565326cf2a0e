"""Where this program keeps its files, and what a person has set.

Places: platform folders, or all below `WORKBENCH_HOME`. Settings: one TOML file that people edit too, so
saving keeps their comments, their order and the keys that we don't know. Nothing in that file stops the
start: whatever cannot be used is reported in a sentence and its default taken. Nothing of a person's is lost:
a file that is no TOML, or that a newer version wrote, is kept aside before it is replaced.
"""

from workbench.settings.file import VERSION, load_settings, save_settings
from workbench.settings.places import Places, places, private_folder
from workbench.settings.values import Settings, problem_with
from workbench.settings.writing import write_atomically

__all__ = [
    "VERSION",
    "Places",
    "Settings",
    "load_settings",
    "places",
    "private_folder",
    "problem_with",
    "save_settings",
    "write_atomically",
]
