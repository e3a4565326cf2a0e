"""The same conversation as a script on asyncio's streams and protocols, which runs without the workbench."""

from workbench.protocols.raw.code import Recipe, literal
from workbench.protocols.raw.code_presets import body_of, indented
from workbench.protocols.raw.code_tls import client_context, server_context
from workbench.protocols.raw.code_way import needs_struct, opener, settings_lines

_PAYLOADS = "PAYLOADS = [\n{lines}]\n"


def asyncio_script(recipe: Recipe) -> str:
    """The script. It prints what arrives and, on standard error, how the connection ended."""
    head = '"""' + (recipe.note or f"Talk to {recipe.target} by {recipe.transport.upper()}.") + '"""\n\n'
    if recipe.transport == "udp":
        body = _udp_listener(recipe) if recipe.listen else _udp_client(recipe)
    else:
        body = _listener(recipe) if recipe.listen else _client(recipe)
    return head + body


def _imports(recipe: Recipe, *more: str) -> str:
    names = {"asyncio", "sys", *more}
    if needs_struct(recipe.settings):
        names.add("struct")
    return "".join(f"import {name}\n" for name in sorted(names))


def _payloads(recipe: Recipe) -> str:
    lines = "".join(f"    {literal(data)},\n".replace("\n    b", "\n        b") for data in recipe.sends)
    return _PAYLOADS.format(lines=lines) if lines else "PAYLOADS = []\n"


def _has_own_socket(recipe: Recipe) -> bool:
    return recipe.local is not None or bool(recipe.settings)


def _opening(recipe: Recipe) -> str:
    target, tls = recipe.target, recipe.tls if not recipe.clear else None
    secure = ", ssl=context, server_hostname=SERVER_NAME or ''" if tls is not None else ""
    if _has_own_socket(recipe):
        # Options and address belong to the socket, and asyncio takes one that is connected.
        kind = "open_unix_connection" if target.scheme == "unix" else "open_connection"
        return f"asyncio.{kind}(sock=opened(){secure})"
    if target.scheme == "unix":
        return f"asyncio.open_unix_connection({target.path!r}{secure})"
    return f"asyncio.open_connection({target.host!r}, {target.port}{secure})"


def _client(recipe: Recipe) -> str:
    tls = recipe.tls
    more = (["ssl"] if tls is not None else []) + (["socket"] if _has_own_socket(recipe) else [])
    context = f"{client_context(tls)}\n" if tls is not None else ""
    defined = f"\n{opener(recipe.target, recipe.local, recipe.settings)}\n" if _has_own_socket(recipe) else ""
    clear = "".join(f"    {line}\n" for line in _clear_lines(recipe))
    # Under TLS asyncio can't finish one half: who hears nothing for so long has heard all.
    quiet = "QUIET_S = 3\n" if tls is not None else ""
    read = (
        "await asyncio.wait_for(reader.read(65536), QUIET_S)"
        if tls is not None
        else "await reader.read(65536)"
    )
    finish = (
        "    writer.write_eof()  # we send no more; the peer still may\n"
        if recipe.finish and tls is None
        else ""
    )
    silence = '    except TimeoutError:\n        end = "silence"\n' if tls is not None else ""
    kind = "close_notify" if tls is not None else "FIN"
    return f"""{_imports(recipe, *more)}
{_payloads(recipe)}{quiet}{context}{defined}

async def send(writer):
    for payload in PAYLOADS:
        writer.write(payload)
        await writer.drain()
{finish}

async def main():
    reader, writer = await {_opening(recipe)}
{clear}    # Sending is a task of its own: a peer that answers at once would else block both sides.
    sending = asyncio.create_task(send(writer))
    end = "{kind}"
    try:
        while data := {read}:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
{silence}    except ConnectionError:
        end = "RST"
    await asyncio.gather(sending, return_exceptions=True)
    print("end:", end, file=sys.stderr)
    writer.transport.abort() if end != "{kind}" else writer.close()


asyncio.run(main())
"""


def _clear_lines(recipe: Recipe) -> list[str]:
    """What was said before TLS began, and its beginning."""
    lines = []
    for payload in recipe.clear:
        if payload is None:
            lines.append("sys.stdout.buffer.write(await reader.read(65536))")
        else:
            lines.append(f"writer.write({literal(payload)})".replace("\n", "\n    "))
    if recipe.clear and recipe.tls is not None:
        lines.append("await writer.start_tls(context, server_hostname=SERVER_NAME or '')")
    return lines


def _answer(recipe: Recipe) -> str:
    if recipe.reply.rule == "echo":
        return "data"
    return literal(recipe.reply.data) if recipe.reply.rule == "text" else ""


def _listener(recipe: Recipe) -> str:
    target, tls, answer = recipe.target, recipe.tls, _answer(recipe)
    is_unix = target.scheme == "unix"
    reply = f"            writer.write({answer})\n            await writer.drain()\n" if answer else ""
    preset = body_of(recipe.reply, is_stream=True, is_unix=is_unix)
    serving = f"""\
        while data := await reader.read(65536):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
{reply}"""
    if preset is not None:
        serving = indented(preset.streams, 8)
    options = settings_lines(recipe.settings, "listening", "    ", is_v6=":" in target.host)
    own = f"    listening = server.sockets[0]\n{options}" if options else ""
    secure = ", ssl=context" if tls is not None else ""
    context = f"{server_context(tls)}\n" if tls is not None else ""
    place = repr(target.path) if is_unix else f"{target.host!r}, {target.port}"
    start = "start_unix_server" if is_unix else "start_server"
    more = (["ssl"] if tls is not None else []) + (["socket"] if options else [])
    more += preset.imports if preset is not None else ()
    return f"""{_imports(recipe, *more)}
{context}
async def handle(reader, writer):
    peer = writer.get_extra_info("peername")
    print("accepted", peer, file=sys.stderr, flush=True)
    try:
{serving}        writer.close()
        await writer.wait_closed()
    except ConnectionError:
        writer.transport.abort()
    print("finished", peer, file=sys.stderr, flush=True)


async def main():
    server = await asyncio.{start}(handle, {place}{secure})
{own}    print("listening on", server.sockets[0].getsockname(), file=sys.stderr, flush=True)
    await server.serve_forever()


asyncio.run(main())
"""


def _udp_client(recipe: Recipe) -> str:
    target, local = recipe.target, recipe.local
    options = settings_lines(recipe.settings, "endpoint", "        ", is_v6=":" in target.host)
    bind = f"        endpoint.bind(({local.host!r}, {local.port or 0}))\n" if local is not None else ""
    return f"""{_imports(recipe, "socket")}
# On the socket itself: asyncio's own datagrams drop an empty one without a word before Python 3.12.
{_payloads(recipe)}

async def main():
    loop = asyncio.get_running_loop()
    family, kind, _, _, address = socket.getaddrinfo(
        {target.host!r}, {target.port}, type=socket.SOCK_DGRAM
    )[0]
    with socket.socket(family, kind) as endpoint:
        endpoint.setblocking(False)
{options}{bind}        endpoint.connect(address)
        for payload in PAYLOADS:
            endpoint.send(payload)
        for _ in PAYLOADS:
            data = await asyncio.wait_for(loop.sock_recv(endpoint, 65535), 30)
            sys.stdout.buffer.write(data)
            print(len(data), "octets", file=sys.stderr)


asyncio.run(main())
"""


def _udp_listener(recipe: Recipe) -> str:
    body_of(recipe.reply, is_stream=False)
    target, answer = recipe.target, _answer(recipe)
    reply = f"        self.transport.sendto({answer}, sender)\n" if answer else ""
    family = "AF_INET6" if ":" in target.host else "AF_INET"
    options = settings_lines(recipe.settings, "endpoint", "    ", is_v6=":" in target.host)
    return f"""{_imports(recipe, "socket")}

class Answering(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
        print("listening on", transport.get_extra_info("sockname"), file=sys.stderr, flush=True)

    def datagram_received(self, data, sender):
        print(len(data), "octets from", sender, file=sys.stderr)
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
{reply}

async def main():
    endpoint = socket.socket(socket.{family}, socket.SOCK_DGRAM)
{options}    endpoint.bind(({target.host!r}, {target.port}))
    await asyncio.get_running_loop().create_datagram_endpoint(Answering, sock=endpoint)
    await asyncio.Event().wait()


asyncio.run(main())
"""
