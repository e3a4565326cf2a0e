"""The Lab's mail: Twisted's SMTP, IMAP and POP3 over our own streams, one set of mailboxes for all three."""
