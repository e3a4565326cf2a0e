"""The page of calls: the methods of an XML-RPC server, typed arguments, and the value or the fault that comes back."""
