"""SQL: statements on a SQLite file or a PostgreSQL server, their results, and how the transaction stands.

A person opens a database, writes statements, runs one or all, looks through results of any length, commits or rolls
back; what goes to the server and comes back stands in the conversation.
"""
