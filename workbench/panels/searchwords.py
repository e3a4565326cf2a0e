"""What people type into the palette when they don't know our word for it: by an action's id, beside its text and tip.

Panels have their actions once they are opened, so the words of `go.PANEL` are those of all that can be done there. A
line with fewer words is the more exact one and is shown first.
"""

from collections.abc import Mapping

SEARCH_WORDS: Mapping[str, str] = {
    # The window
    "window.conversation": "log record transcript capture sniff trace bytes octets wire dock",
    "window.conversation_side": "layout split dock right bottom",
    "window.full_screen": "fullscreen maximise maximize",
    "window.quit": "exit close leave",
    "window.settings": "preferences options configure theme dark light appearance font zoom scale size"
    " timeout keys shortcuts",
    "window.diagnostics": "about version crash bug performance memory selfcheck health",
    "go.help": "manual documentation guide tutorial handbook explain f1",
    # The panels
    "go.start": "lab experiment experiments lesson learn exercise quiz servers serve demo example predict teach"
    " welcome home tutorial tour",
    "go.sockets": "talk connect disconnect listen serve server client tcp udp unix tls ssl starttls telnet netcat"
    " nc websocket ws raw bytes octets send receive hex script payload frame framing checksum crc port ports"
    " address ip ipv4 ipv6 interface route traceroute bind broadcast multicast mdns ssdp discover discovery"
    " scan ping gopher echo chat proxy relay socks poll select epoll timeout keepalive nagle fin rst reset"
    " datagram transport latency loss flow buffer backpressure resolve lookup",
    "go.dns": "dig nslookup host whois resolve lookup query record records name names domain reverse ptr mx a aaaa"
    " txt soa dnssec nameserver zone edns ip address",
    "go.web": "http https url browser curl wget request get post put head download fetch resume upload form cookie"
    " redirect header headers gzip chunked html xml json xpath css inspect dom parse xmlrpc rpc call method api",
    "go.mail": "imap pop pop3 smtp email e-mail letter letters inbox mailbox attachment mime eml compose send read"
    " write charset starttls dkim header headers",
    "go.files": "ftp ftps download upload get put list folder directory transfer resume mkdir rename delete server",
    "go.sql": "database databases sqlite postgres postgresql query select insert update table tables transaction"
    " commit rollback cursor schema db",
    "go.certificates": "tls ssl x509 x.509 certificate cert chain pem der pkcs verify authority ca trust expired"
    " https key openssl",
    # Start
    "start.play": "run predict lesson lab",
    "start.search": "find filter lesson lab server serve",
    "start.save_script": "python program code export",
    "start.copy_script": "python program code",
    # The conversation
    "conversation.filter": "find search grep where",
    "conversation.copy_all": "clipboard everything",
    "conversation.export": "save pcap pcapng wireshark har json log capture record download",
    "conversation.open": "load import read transcript log jsonl",
    "conversation.compare_saved": "diff difference transcript",
    "conversation.replay": "repeat again resend transcript",
    "conversation.quiz": "quiz test exercise learn",
    "conversation.hex": "bytes octets dump",
    "conversation.text": "plain utf-8 unicode charset encoding decode",
    "conversation.explained": "meaning rfc annotate",
    "conversation.dns": "lookup resolve whois",
    "conversation.certificates": "tls cert chain",
    # Sockets
    "sockets.page_console": "talk connect listen client server telnet netcat raw",
    "sockets.page_steps": "syscall bind accept connect listen shutdown close setsockopt descriptor",
    "sockets.page_readiness": "select poll epoll selector asyncio nonblocking wait happy eyeballs",
    "sockets.page_framing": "frame message length prefix delimiter struct endian byteorder base64 encode decode"
    " number checksum",
    "sockets.page_reliability": "loss duplicate reorder ping retransmission udp",
    "sockets.page_flow": "buffer window backpressure nagle deadlock keepalive timeout pipe throughput",
    "sockets.page_scripts": "payload template counter checksum crc expect repeat macro load generator automate",
    "sockets.page_addresses": "ip ipv4 ipv6 port number service interface network ifconfig route traceroute netstat"
    " resolve lookup reach firewall transport datagram mtu subnet",
    "sockets.page_discovery": "mdns ssdp bonjour zeroconf upnp multicast broadcast scan find neighbours announce",
    "sockets.page_gopher": "menu selector",
    "sockets.new_session": "another tab open connection",
    "sockets.focus_target": "host port address",
    "sockets.start": "talk dial open serve bind accept client server",
    "sockets.cancel": "disconnect hang up stop end",
    "sockets.send": "write transmit",
    "sockets.finish": "shutdown half-close eof end",
    "sockets.abort": "kill drop abort",
    "sockets.options": "proxy relay socks local bind address timeout tls keepalive nagle",
    "sockets.start_tls": "starttls ssl encrypt upgrade https",
    "sockets.stop_all": "disconnect close end",
    "sockets.connections": "clients peers who",
    "sockets.reads": "recv receive packets segments calls",
    "sockets.answers": "datagrams replies latency",
    "sockets.certificates": "ssl cert chain verify",
    "sockets.socket": "setsockopt getsockopt buffer keepalive nagle rtt",
    "sockets.decoded": "frames ws iac parse",
    # DNS
    "dns.start": "query resolve lookup dig nslookup",
    "dns.focus_target": "host domain query lookup",
    "dns.focus_server": "resolver dns",
    "dns.switch": "ptr lookup",
    # Web
    "web.page_request": "http https curl wget get post url headers fetch",
    "web.page_inspector": "dom parse query json tree css select",
    "web.page_calls": "rpc api method call soap",
    "web.focus_target": "url host",
    "web.start": "get post fetch http curl go",
    "web.download": "fetch wget save",
    "web.hold": "pause throttle",
    "web.go_on": "resume continue range",
    "web.save_body": "download export",
    "web.inspect": "html xml dom xpath",
    "web.fields": "header headers",
    "web.hops": "redirect redirects",
    "web.octets": "hex bytes",
    "web.attempts": "resume retry",
    "web.inspector_open": "load parse",
    "web.inspector_find": "xpath css query",
    "web.inspector_search": "xpath css query find select",
    "web.calls_list": "introspection",
    "web.calls_call": "rpc run",
    # Mail
    "mail.start": "imap pop smtp connect fetch",
    "mail.show_reader": "imap pop pop3 inbox mailbox email eml mime open",
    "mail.show_composer": "smtp email letter compose write send",
    "mail.new_letter": "email compose write",
    "mail.open_file": "eml mbox mime email import load",
    "mail.attach": "attachment file add",
    "mail.save_part": "attachment download export",
    # Files
    "files.start": "ftp ftps login open",
    "files.cancel": "disconnect",
    "files.download": "get fetch retr receive",
    "files.upload": "put send stor",
    "files.make_folder": "mkdir directory",
    "files.delete": "remove rm",
    "files.rename": "move mv",
    "files.up": "parent cd",
    "files.reload": "refresh ls dir",
    # SQL
    "sql.start": "connect sqlite postgres postgresql",
    "sql.run": "query execute select insert",
    "sql.run_all": "query execute script",
    "sql.begin": "start",
    "sql.rollback": "undo rollback cancel",
    "sql.export": "csv json save download",
    "sql.reload": "refresh schema",
    "sql.focus_editor": "query select insert write",
    # Certificates
    "certificates.start": "tls ssl verify check fetch openssl",
    "certificates.open_file": "pem der pkcs load import",
    "certificates.paste": "pem",
}
