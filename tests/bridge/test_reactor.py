"""Twisted on the Qt loop. Its reactor is one per process, so each test is a program of its own."""

from tests.bridge.programs import Ended, run_program
from tests.kit.ports import free_port

TWISTED = """
from workbench.bridge.loop import run
from workbench.bridge.reactor import install_twisted

async def with_twisted(body):
    twisted = install_twisted(asyncio.get_running_loop())
    try:
        return await body(twisted)
    finally:
        await twisted.stop()
"""

ECHO = """
async def open_echo(reactor, port=0):
    from twisted.internet.endpoints import TCP4ServerEndpoint
    from twisted.internet.protocol import Factory, Protocol
    class Echo(Protocol):
        def dataReceived(self, data):
            self.transport.write(data)
    endpoint = TCP4ServerEndpoint(reactor, port, interface="127.0.0.1")
    return await endpoint.listen(Factory.forProtocol(Echo)).asFuture(asyncio.get_running_loop())
"""


def run_twisted(body: str) -> Ended:
    # Importing Twisted takes longer than asyncio's debug mode bears, and it keeps a descriptor open for bad times.
    return run_program(body, is_strict=False)


def test_a_twisted_server_and_an_asyncio_client_share_the_loop():
    ended = run_twisted(f"""
{TWISTED}
{ECHO}
async def main():
    async def body(twisted):
        port = await open_echo(twisted.reactor)
        reader, writer = await asyncio.open_connection("127.0.0.1", port.getHost().port)
        for number in range(500):
            writer.write(b"%d\\n" % number)
            assert await reader.readline() == b"%d\\n" % number
        writer.close()
        await writer.wait_closed()
        await port.stopListening().asFuture(asyncio.get_running_loop())
        say("echoed")
        return 0
    return await with_twisted(body)
sys.exit(run(app, main))
""")
    assert ended[:3] == (0, "echoed\n", "")


def test_a_twisted_client_and_delayed_calls():
    ended = run_twisted(f"""
{TWISTED}
{ECHO}
async def main():
    async def body(twisted):
        from twisted.internet import task
        from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
        from twisted.internet.protocol import Protocol
        loop = asyncio.get_running_loop()
        port = await open_echo(twisted.reactor)
        answered = loop.create_future()
        class Caller(Protocol):
            def connectionMade(self):
                self.transport.write(b"hello")
            def dataReceived(self, data):
                answered.set_result(data)
        endpoint = TCP4ClientEndpoint(twisted.reactor, "127.0.0.1", port.getHost().port)
        await connectProtocol(endpoint, Caller()).asFuture(loop)
        say((await answered).decode())
        ticks = []
        ticking = task.LoopingCall(lambda: ticks.append(loop.time()))
        done = ticking.start(0.005)
        began = loop.time()
        await task.deferLater(twisted.reactor, 0.03).asFuture(loop)
        assert loop.time() - began >= 0.03
        while len(ticks) < 3:
            await asyncio.sleep(0.001)
        ticking.stop()
        return 0
    return await with_twisted(body)
sys.exit(run(app, main))
""")
    assert ended[:3] == (0, "hello\n", "")


def test_twisteds_threads_answer_and_end():
    ended = run_twisted(f"""
{TWISTED}
async def main():
    async def body(twisted):
        from twisted.internet.threads import deferToThread
        loop = asyncio.get_running_loop()
        ident = await deferToThread(threading.get_ident).asFuture(loop)
        assert ident != threading.get_ident()
        return 0
    code = await with_twisted(body)
    asyncio.get_running_loop().workers.shutdown()
    say(threading.active_count())
    return code
sys.exit(run(app, main))
""")
    assert ended[:3] == (0, "1\n", "")


def test_stopping_closes_ports_and_connections_and_drops_calls_and_files():
    ended = run_twisted(f"""
{TWISTED}
{ECHO}
def open_files():
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            found.add(os.readlink(f"/proc/self/fd/{{name}}"))
        except OSError:  # the listing's own
            pass
    return found
async def main():
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(int)
    import twisted.internet.endpoints
    files = open_files()
    watched = loop.counts()
    async def body(twisted):
        twisted.reactor.callLater(3600, say, "never")
        # A port that nobody else is given when it is closed.
        body.port = {free_port()}
        await open_echo(twisted.reactor, body.port)
        reader, writer = await asyncio.open_connection("127.0.0.1", body.port)
        writer.write(b"x")
        await reader.readexactly(1)
        body.stream = reader, writer
        return 0
    code = await with_twisted(body)
    reader, writer = body.stream
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    try:
        await asyncio.open_connection("127.0.0.1", body.port)
    except ConnectionRefusedError:
        say("closed")
    assert loop.counts()[1:] == watched[1:], (loop.counts(), watched)
    say(*(open_files() - files))
    assert "twisted.internet.reactor" not in sys.modules
    assert loop.is_running()
    return code
sys.exit(run(app, main))
""")
    assert ended[:3] == (0, "closed\n\n", "")


def test_another_reactor_that_is_there_already_is_named():
    ended = run_twisted(f"""
{TWISTED}
async def main():
    from twisted.internet import reactor
    try:
        install_twisted(asyncio.get_running_loop())
    except RuntimeError as error:
        say(error)
    return 0
run(app, main)
""")
    assert "Twisted already has a reactor (EPollReactor)" in ended.out
    assert "before any import" in ended.out


def test_installing_twice_for_one_loop_is_installing_once_and_another_loop_may_follow():
    ended = run_twisted(f"""
{TWISTED}
{ECHO}
async def main():
    loop = asyncio.get_running_loop()
    first = install_twisted(loop)
    assert install_twisted(loop) is first
    await first.stop()
    async def body(twisted):
        assert twisted is not first
        port = await open_echo(twisted.reactor)
        reader, writer = await asyncio.open_connection("127.0.0.1", port.getHost().port)
        writer.write(b"again\\n")
        say((await reader.readline()).decode().strip())
        writer.close()
        await writer.wait_closed()
        return 0
    return await with_twisted(body)
run(app, main)
sys.exit(run(app, main))
""")
    assert ended[:3] == (0, "again\nagain\n", "")


def test_it_may_be_installed_before_the_loop_runs():
    ended = run_twisted(f"""
{TWISTED}
from workbench.bridge.loop import WorkbenchLoop
loop = WorkbenchLoop(app)
twisted = install_twisted(loop)
async def main():
    await asyncio.sleep(0)
    assert twisted.reactor.running
    say("running")
    await twisted.stop()
loop.run_until_complete(main())
loop.close()
""")
    assert ended[:3] == (0, "running\n", "")


def test_a_failure_nobody_answered_reaches_the_loops_exception_handler():
    ended = run_twisted(f"""
{TWISTED}
import gc
async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: say(context["message"], repr(context["exception"])))
    async def body(twisted):
        from twisted.internet.defer import Deferred
        deferred = Deferred()
        deferred.addCallback(lambda _: 1 / 0)
        deferred.callback(None)
        del deferred
        gc.collect()
        called = loop.create_future()
        twisted.reactor.callLater(0, called.set_result, None)
        twisted.reactor.callLater(0, int, "no number")
        await called
        await asyncio.sleep(0.01)
        return 0
    return await with_twisted(body)
sys.exit(run(app, main))
""")
    assert ended.code == 0
    assert "ZeroDivisionError" in ended.out
    assert "ValueError" in ended.out
    assert ended.err == ""


def test_a_thread_of_twisteds_that_hangs_does_not_keep_the_program():
    ended = run_twisted(f"""
{TWISTED}
from workbench.bridge.ending import Ending, Phase
async def main():
    twisted = install_twisted(asyncio.get_running_loop())
    from twisted.internet.threads import deferToThread
    began = threading.Event()
    deferToThread(lambda: (began.set(), time.sleep(3600)))
    await asyncio.to_thread(began.wait)
    ending = Ending(lambda where, text: say(text.splitlines()[-1]), within_s=1.0)
    ending.add(Phase.REACTOR, "reactor", twisted.stop)
    await ending.run()
    assert "twisted.internet.reactor" not in sys.modules
    return 0
sys.exit(run(app, main))
""")
    assert ended.code == 0
    assert "reactor did not end" in ended.out
    assert ended.err == ""
    assert ended.took_s < 10
