"""The page of the Sockets panel where the same numbered messages go over a faulty path, by UDP and by TCP."""
