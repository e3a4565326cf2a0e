"""What a command line of `socket script` may hold, apart from what it takes to carry one out."""

from workbench.cli.arguments import Argument
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS
from workbench.cli.talk_tls import TLS_ARGUMENTS
from workbench.cli.way import RELAY, WAY
from workbench.formats.target import parse_target

# A script begins TLS itself where it wants it in the middle.
SCRIPT_TLS = tuple(argument for argument in TLS_ARGUMENTS if argument.name != "--starttls")

SCRIPT_ARGUMENTS = (
    Argument("FILE", "the script; - is standard input"),
    Argument("TARGET", "whom to talk to: HOST:PORT, [V6]:PORT, unix:PATH or lab:NAME", read=parse_target),
    Argument("--udp", "datagrams instead of a stream"),
    *SCRIPT_TLS,
    *WAY,
    RELAY,
    TIMEOUT._replace(what="seconds for connecting, and for each send (30); expectations have their own"),
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)

SCRIPT_HELP = (
    'One statement a line: send "TEXT", expect "TEXT" within 2s, expect hex 0d 0a, expect regex "^2..", expect '
    "nothing for 1s, expect end FIN, wait 200ms, repeat 3 ... end, starttls, guard, finish, reset, close; # begins a "
    "remark. A text holds escapes and macros: \\r \\xHH ${counter} ${date %H:%M} ${random 4} ${length as=u16} "
    "${crc16-modbus as=le}.\n"
    "Exit code 0: all steps passed; 1: something else came, or the end; 3: nothing came in time; 2: a mistake in the "
    "script, with its line and place, and nothing was sent.\n"
    "\n"
    "  workbench socket script greeting.txt lab:smtp --json\n"
    '  printf \'send "hi\\\\n"\\nexpect "hi"\\n\' | workbench socket script - lab:echo\n'
    "  workbench socket script ping.txt lab:udp-echo --udp --transcript ping.pcapng"
)
