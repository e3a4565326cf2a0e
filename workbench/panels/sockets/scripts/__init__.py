"""Payloads, scripts and automatic replies that a person keeps, and what is done with them: send, run, listen, repeat.

Everything is a plain text below the data folder; what is said goes through the same engines as in the terminal.
"""
