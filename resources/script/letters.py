"""Letters: written, sent by smtplib, found by imaplib, taken apart by email."""

import email
import email.message
import email.policy
import imaplib
import os
import secrets
import smtplib

from .secure import trusting
from .steps import LocalMisuse, Refused, tell

SENDER = "ben@lab.test"


class Letter:
    """A letter whose subject no other has."""

    def __init__(self, subject, text):
        token = secrets.token_hex(4)
        self.subject = f"{subject} ({token})"
        head = (f"From: Ben <{SENDER}>", "To: anna@lab.test", f"Subject: {self.subject}")
        lines = (*head, f"Message-ID: <{token}@lab.test>", "", "")
        self.data = "\r\n".join(lines).encode() + text
        tell(self.subject)


class Submission(smtplib.SMTP):
    """Keeps what it sends."""

    ehlo_msg = "EHLO"

    def __init__(self, to, timeout_s):
        self.said = b""
        super().__init__(*to, local_hostname="[127.0.0.1]", timeout=timeout_s)

    def send(self, data):
        self.said += data.encode("ascii") if isinstance(data, str) else data
        super().send(data)


class Sent:
    """What a submission came to. wire: the letter's body as it was sent."""

    def __init__(self, to, letter, recipients, password="", security="auto", authority="", timeout_s=5.0):
        smtp = Submission(to, timeout_s)
        try:
            smtp.ehlo()
            self.secured = "plain" if security == "plain" else self.secure(smtp, authority, password)
            if password:
                smtp.login("ben", password)
            self.submit(smtp, letter, [word.strip() for word in recipients.split(",")])
            smtp.quit()
        finally:
            smtp.close()
        tell(f"{self.taken} recipients taken, {self.refused} refused; {self.reply}")

    def secure(self, smtp, authority, password):
        if not smtp.has_extn("starttls"):
            if password:
                raise Refused("the server offers no TLS, and without it no password is said")
            return "plain"
        smtp.starttls(context=trusting(authority))
        smtp.ehlo()
        return "starttls"

    def submit(self, smtp, letter, recipients):
        smtp.mail(SENDER)
        answers = [smtp.rcpt(recipient) for recipient in recipients]
        self.taken = sum(code < 300 for code, _ in answers)
        self.refused = len(answers) - self.taken
        self.replies = " | ".join(f"{code} {text.decode()}" for code, text in answers)
        before = len(smtp.said)
        code, text = smtp.data(letter.data)
        self.reply = f"{code} {text.decode()}"
        self.wire = smtp.said[before:].partition(b"\r\n\r\n")[2].decode("utf-8", "replace")
        self.verdict = "none" if code >= 300 or not self.taken else "some" if self.refused else "all"


class Looked:
    """How often a letter lies in Anna's mailbox, and the body of the last one."""

    def __init__(self, to, letter, password, authority, timeout_s=5.0):
        imap = imaplib.IMAP4(*to, timeout=timeout_s)
        imap.starttls(trusting(authority))
        imap.login("anna", password)
        count = int(imap.select("INBOX", readonly=True)[1][0])
        found = []
        for number in range(max(1, count - 99), count + 1):
            data = imap.fetch(str(number), "(BODY.PEEK[])")[1][0][1]
            if letter.subject.encode() in data.partition(b"\r\n\r\n")[0]:
                found.append(data)
        imap.logout()
        self.count = len(found)
        self.text = found[-1].partition(b"\r\n\r\n")[2].decode("utf-8", "replace") if found else ""
        tell(f"found {self.count} times")


class Parsed:
    """A letter that was taken apart; text and charset are those of its first text."""

    def __init__(self, data):
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = list(message.walk())
        leaves = [part for part in parts if not part.is_multipart()]
        texts = [part for part in leaves if part.get_content_maintype() == "text"]
        files = [part.get_filename() for part in parts if part.get_filename()]
        self.parts, self.leaves = len(parts), len(leaves)
        self.types = ", ".join(part.get_content_type() for part in parts)
        self.fields, self.subject = ", ".join(message.keys()), str(message["Subject"] or "")
        self.text, self.charset, self.defects = read_text(texts[0]) if texts else ("", "", "")
        self.filename = files[0] if files else ""
        # Of a path only the last name counts, and none begins with a dot: a file is saved where we want it.
        self.safe_name = os.path.basename(self.filename.replace("\\", "/")).lstrip(".")
        tell(f"{self.parts} parts: {self.types}")


def read_text(part):
    """The text, the charset by which it can be read, and what is wrong with the one that it names."""
    data, named = part.get_payload(decode=True), part.get_content_charset("us-ascii")
    try:
        return data.decode(named), named, ""
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace"), "utf-8", "wrong-charset"


def written(subject, text="", html="", file=""):
    """A letter of these parts, taken apart again."""
    if "\r" in subject or "\n" in subject:
        raise LocalMisuse("a line end in the subject would begin another header")
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = SENDER, "anna@lab.test", subject
    message.set_content(text, charset="utf-8", cte="8bit")
    if html:
        message.add_alternative(html, subtype="html")
    if file:
        message.add_attachment("a file\n", filename=os.path.basename(file))
    return Parsed(message.as_bytes())
