"""Copied command lines: what the shell makes of them, and what a program can't say. tests/real runs them."""

import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.protocols.raw.code import Recipe
from workbench.protocols.raw.code_commands import LINE, ncat, openssl, printed, socat
from workbench.protocols.raw.code_tls import TlsRecipe
from workbench.protocols.raw.serve import Reply
from workbench.wire.options import BY_NAME, parse_setting

TARGET = parse_target("[::1]:7")
TLS = TlsRecipe("name.test", alpn=("h2", "x"), authorities="-----BEGIN CERTIFICATE-----\nAA==", lowest="1.2")


def command(script: str) -> str:
    """The last line: the command itself."""
    return script.rstrip("\n").splitlines()[-1]


@settings(max_examples=25)
@given(st.binary(max_size=2 * LINE))
@example(b"-\0")
@example(b"-n --")
def test_the_shell_prints_the_very_octets(data: bytes):
    done = subprocess.run(["sh", "-c", "; ".join(printed(data)) or ":"], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (data, b"")


def test_a_plain_client():
    recipe = Recipe(TARGET, sends=[b"it's 100%\r\n"], note="A note.")
    assert ncat(recipe) == "#!/bin/sh\n# A note.\n{ printf 'it\\047s 100%%\\r\\n'; } | ncat ::1 7\n"
    assert command(socat(recipe)).endswith("| socat -t 30 - 'TCP:[::1]:7'")
    open_half = recipe._replace(finish=False)
    assert "--no-shutdown" in ncat(open_half)
    assert "shut-none" in socat(open_half)
    assert 'sleep "${WAIT:-3}"' in socat(open_half)


def test_options_and_addresses_are_said_or_told():
    chosen = (parse_setting("KEEPIDLE=5"), parse_setting("TTL=3"))
    recipe = Recipe(TARGET, sends=[b"x"], local=parse_target("[::2]:9"), settings=chosen)
    assert "keepidle=5,ttl=3,bind=[::2]:9" in socat(recipe)
    assert "# ncat can't set these socket options, which this conversation had: KEEPIDLE, TTL." in ncat(
        recipe
    )
    assert "-s ::2 -p 9" in ncat(recipe)
    with pytest.raises(LocalMisuse, match="can't set LINGER"):
        socat(recipe._replace(settings=(parse_setting("LINGER=off"),)))
    for name in ("NODELAY", "SNDBUF", "BROADCAST"):
        assert name in BY_NAME
        assert name.lower() in socat(recipe._replace(settings=(parse_setting(f"{name}=1"),)))


def test_datagrams():
    recipe = Recipe(parse_target("127.0.0.1:7"), "udp", sends=[b"a", b"b"])
    assert "printf 'a'; sleep 0.2; printf 'b'" in ncat(recipe)
    assert command(ncat(recipe)).endswith('sleep "${WAIT:-3}"; } | ncat -u 127.0.0.1 7')
    assert "kept open" in ncat(recipe)
    assert "UDP:127.0.0.1:7,shut-none" in socat(recipe)


def test_tls_is_said_as_far_as_each_can():
    recipe = Recipe(TARGET, sends=[b"x"], tls=TLS)
    for write in (ncat, socat, openssl):
        script = write(recipe)
        assert "cat > \"$authorities\" <<'END'\n-----BEGIN" in script
        assert '"$authorities"' in command(script)
        assert "name.test" in command(script)
    assert "--ssl --ssl-servername name.test --ssl-alpn h2,x --ssl-verify" in ncat(recipe)
    assert "# ncat can't be held to TLS 1.2 to ..." in ncat(recipe)
    assert "# socat offers no protocol by ALPN; this conversation offered h2, x." in socat(recipe)
    assert "openssl-min-proto-version=TLS1.2" in socat(recipe)
    told = command(openssl(recipe))
    assert "-servername name.test -verify_return_error -verify_hostname name.test" in told
    assert "-min_protocol TLSv1.2 -alpn h2,x" in told
    loose = recipe._replace(tls=TLS._replace(checks=False, authorities="", sends_name=False))
    assert "verify=0" in socat(loose)
    assert "no-sni=1" in socat(loose)
    assert "--ssl-verify" not in ncat(loose)
    assert "-noservername" in openssl(loose)
    number = recipe._replace(tls=TLS._replace(server_name="127.0.0.1"))
    assert "-verify_ip 127.0.0.1" in openssl(number)


def test_listeners():
    place = parse_target("127.0.0.1:7", listening=True)
    echo = Recipe(place, listen=True, reply=Reply("echo"))
    assert command(ncat(echo)) == "ncat -l -k -c cat 127.0.0.1 7"
    assert command(socat(echo)) == "socat TCP4-LISTEN:7,bind=127.0.0.1,reuseaddr,fork SYSTEM:cat"
    text = echo._replace(reply=Reply("text", b'no, "it\'s"\n'))
    assert "# The answer is sent once" in ncat(text)
    none = echo._replace(reply=Reply("none"))
    assert "--recv-only" in ncat(none)
    assert command(socat(none)).endswith("STDOUT")
    files = TLS._replace(certificate="a b.pem", key="k.pem", ask_client="require")
    assert "--ssl-cert 'a b.pem' --ssl-key k.pem" in ncat(echo._replace(tls=files))
    assert "OPENSSL-LISTEN:7" in socat(echo._replace(tls=files))
    assert "UDP4-RECVFROM:7" in socat(echo._replace(transport="udp"))
    assert "first sender" in ncat(echo._replace(transport="udp"))
    unix = parse_target("unix:/tmp/a b", listening=True)
    assert "-U '/tmp/a b'" in ncat(echo._replace(target=unix))
    assert "UNIX-LISTEN:/tmp/a b,fork" in socat(echo._replace(target=unix))


@pytest.mark.parametrize("write", [ncat, socat, openssl])
def test_what_only_a_script_can_do_is_refused_with_the_reason(write):
    with pytest.raises(LocalMisuse, match="in clear first"):
        write(Recipe(TARGET, clear=[b"STARTTLS\r\n"], tls=TLS))
    with pytest.raises(LocalMisuse, match="no such server"):
        write(Recipe(TARGET, listen=True, reply=Reply("none", preset="chargen")))


@pytest.mark.parametrize(
    "changes", [{"tls": None}, {"listen": True}, {"transport": "udp"}, {"target": parse_target("unix:/x")}]
)
def test_s_client_is_a_tls_client_and_nothing_else(changes):
    with pytest.raises(LocalMisuse, match="is a TLS client"):
        openssl(Recipe(TARGET, sends=[b"x"], tls=TLS)._replace(**changes))
