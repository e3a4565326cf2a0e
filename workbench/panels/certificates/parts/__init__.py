"""The parts of the Certificates panel."""
