"""Readiness: asking the system which of many sockets can be read or written, and waiting until one can.

Ways of asking: select (POSIX.1), poll (POSIX.1), epoll (Linux), kqueue (BSD, macOS), Python's selectors, and the event
loop that the program runs on. What each can tell differs, and is told; nothing is made up for one that can't.
"""
