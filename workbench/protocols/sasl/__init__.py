"""What SMTP, IMAP and POP share before the mail begins: who one is (SASL, RFC 4422) and what protects the saying of it.

Mechanisms: PLAIN (RFC 4616), CRAM-MD5 (RFC 2195) and LOGIN, which no RFC has and every server. Left out: SCRAM and the
tokens of OAuth. One mechanism is tried, never a second with the same password: servers count wrong ones.
"""
