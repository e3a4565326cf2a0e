"""Moving octets, all of them recorded: dial, listen, streams, datagrams. The one way to a socket for our engines."""
