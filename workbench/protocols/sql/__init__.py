"""SQL: SQLite in a file (apsw) and PostgreSQL over the network (libpq, by psycopg), behind one session.

Both libraries own what they talk through, so neither goes by our streams: SQLite has no wire, and is told as facts;
libpq's socket is its own, and its trace of messages is the conversation, with counters where it would be too long.
Left out: COPY from the client, large objects, several results at once (pipelines), other databases.
"""
