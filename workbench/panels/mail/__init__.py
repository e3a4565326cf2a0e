"""Mail: letters read and written, from a file, a mailbox or one's own hand.

The reader takes a letter apart, part by part, with the octets of each; letters come from files, by IMAP and by POP3,
and nothing changes at the server. The composer shows the very octets that it hands to an SMTP server, and its answers.
"""
