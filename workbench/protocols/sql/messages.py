"""A sentence for each message of PostgreSQL's protocol, by the names that libpq's trace gives them.

Source: PostgreSQL documentation, "Frontend/Backend Protocol"; the second of each pair is the section there.
"""

_FORMATS = "PostgreSQL docs: Message Formats"
_START = "PostgreSQL docs: Start-up"
_SASL = "PostgreSQL docs: SASL Authentication"
_EXTENDED = "PostgreSQL docs: Extended Query"
_SIMPLE = "PostgreSQL docs: Simple Query"
_COPY = "PostgreSQL docs: COPY Operations"
_ASYNC = "PostgreSQL docs: Asynchronous Operations"
_TLS = "PostgreSQL docs: SSL Session Encryption"
_GSS = "PostgreSQL docs: GSSAPI Session Encryption"
_CANCEL = "PostgreSQL docs: Canceling Requests in Progress"
_CALL = "PostgreSQL docs: Function Call"
_END = "PostgreSQL docs: Termination"
_FIELDS = "PostgreSQL docs: Error and Notice Message Fields"

FROM_US: dict[str, tuple[str, str]] = {
    "SSLRequest": ("asks whether the server speaks TLS, before anything is said", _TLS),
    "GSSENCRequest": ("asks whether the server encrypts by GSSAPI", _GSS),
    "StartupMessage": ("who logs in, to which database, with which settings", _START),
    "PasswordMessage": ("the password, or what was made of it; masked", _START),
    "SASLInitialResponse": ("begins to prove the password without sending it; masked", _SASL),
    "SASLResponse": ("the proof that the password is known; masked", _SASL),
    "GSSResponse": ("the next step of a login by GSSAPI; masked", _START),
    "Parse": ("one statement to be understood; the values are not in it", _EXTENDED),
    "Bind": ("the values for its parameters, beside the text", _EXTENDED),
    "Describe": ("asks which columns will come", _EXTENDED),
    "Execute": ("carry it out, and send all rows", _EXTENDED),
    "Sync": ("the end of what belongs together: answer, and say how the transaction stands", _EXTENDED),
    "Flush": ("answer what you have, there is no end yet", _EXTENDED),
    "Close": ("a prepared statement or a portal is not needed any more", _EXTENDED),
    "Query": ("text with any number of statements, values and all", _SIMPLE),
    "FunctionCall": ("calls a function by its number: an old way", _CALL),
    "CopyData": ("a piece of the data that is copied in", _COPY),
    "CopyDone": ("all data was sent", _COPY),
    "CopyFail": ("there will be no more data: let it fail", _COPY),
    "CancelRequest": ("asks on a connection of its own to stop what another one does; masked", _CANCEL),
    "Terminate": ("goodbye; what is not committed is rolled back", _END),
}
FROM_SERVER: dict[str, tuple[str, str]] = {
    "SSLResponse": ("S: yes, TLS begins now; N: no, it goes on in clear, or not at all", _TLS),
    "GSSENCResponse": ("G: yes; N: no", _GSS),
    "UnknownNegotiateResponse": ("neither yes nor no to encryption", _TLS),
    "NegotiateProtocolVersion": ("the server knows an older version of the protocol only", _START),
    "AuthenticationOk": ("the login is accepted", _START),
    "AuthenticationKerberosV4": ("wants Kerberos 4, which nobody has any more", _START),
    "AuthenticationKerberosV5": ("wants Kerberos 5", _START),
    "AuthenticationCleartextPassword": ("wants the password itself, in clear", _START),
    "AuthenticationMD5Password": ("wants the password hashed with MD5 and this salt: weak by now", _START),
    "AuthenticationGSS": ("wants a login by GSSAPI", _START),
    "AuthenticationGSSContinue": ("the next step of a login by GSSAPI", _START),
    "AuthenticationSSPI": ("wants a login by SSPI, of Windows", _START),
    "AuthenticationSASL": ("wants a proof of the password, and lists the ways", _SASL),
    "AuthenticationSASLContinue": ("its challenge: a number, a salt, how often to hash", _SASL),
    "AuthenticationSASLFinal": ("its own proof: it knows the password too", _SASL),
    "ParameterStatus": ("a setting of the session", _ASYNC),
    "BackendKeyData": ("the process that serves us, and the key that cancels; the key is masked", _START),
    "ReadyForQuery": ("your turn", _FORMATS),
    "ParseComplete": ("the statement was understood", _EXTENDED),
    "BindComplete": ("the values fit", _EXTENDED),
    "CloseComplete": ("closed", _EXTENDED),
    "ParameterDescription": ("the types that the parameters have", _EXTENDED),
    "RowDescription": ("the columns: name, table, number, type, length", _FORMATS),
    "NoData": ("no rows will come", _EXTENDED),
    "DataRow": ("one row: how many values, each with its length; -1 is NULL", _FORMATS),
    "PortalSuspended": ("enough rows for now; there are more", _EXTENDED),
    "CommandComplete": ("it is done: what, and how many rows", _FORMATS),
    "EmptyQueryResponse": ("there was no statement in it", _SIMPLE),
    "ErrorResponse": ("no; the fields say what, where and why", _FIELDS),
    "NoticeResponse": ("something worth knowing, no error", _FIELDS),
    "NotificationResponse": ("somebody said NOTIFY on a channel that we listen to", _ASYNC),
    "CopyInResponse": ("ready to take the data of a COPY", _COPY),
    "CopyOutResponse": ("the data of a COPY follow", _COPY),
    "CopyBothResponse": ("data go both ways from now on, as for replication", _COPY),
    "CopyData": ("a piece of the data that is copied out", _COPY),
    "CopyDone": ("all data have come", _COPY),
    "FunctionCallResponse": ("the result of a function call", _CALL),
}
READY = {
    "I": "your turn: no transaction is open",
    "T": "your turn: a transaction is open",
    "E": "your turn: the transaction has failed, only ROLLBACK helps",
}
"""What ReadyForQuery says, by its one letter: the transaction as the server itself sees it."""
