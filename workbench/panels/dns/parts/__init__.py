"""The parts of the DNS panel."""
