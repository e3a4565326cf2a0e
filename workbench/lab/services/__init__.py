"""The services of the Lab: one small class a file; each has one line in workbench.lab.catalogue."""
