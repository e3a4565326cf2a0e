"""The Lab's XML-RPC server: Python's own dispatcher behind the Lab's way of reading HTTP."""
