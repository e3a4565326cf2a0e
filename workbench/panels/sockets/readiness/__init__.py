"""The page of readiness: what sockets are ready for, what waiting for them costs, and the race to connect."""
