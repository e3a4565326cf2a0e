"""The kinds of session as the target bar names them, and what each is typed with."""

from workbench.panels.sockets.state import SessionState

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


def title_of(state: SessionState) -> str:
    """What a session's tab says."""
    form = state.form
    title = form.target or "New session"
    if form.role == "listener" and form.target:
        title = f"on {state.address or form.target}"
    return f"{title} (UDP)" if form.transport == "udp" and form.target else title
