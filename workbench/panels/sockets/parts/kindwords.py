"""The kinds of session as the target bar names them, and what each is typed with."""

KINDS = (
    ("client tcp", "TCP client"),
    ("listener tcp", "TCP listener"),
    ("client udp", "UDP client"),
    ("listener udp", "UDP listener"),
)
HINTS = {
    "client": "lab:echo, host:port, [IPv6]:port, unix:/path",
    "listener": "127.0.0.1:0, 0.0.0.0:port, [::]:port, unix:/path",
}
FREE_PORT = "127.0.0.1:0"
