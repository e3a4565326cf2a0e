"""The parts of the Sockets panel."""
