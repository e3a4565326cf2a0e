"""The Lab: real servers on loopback that can misbehave on request, all in one child process.

The owner starts the child, talks to it in JSON lines over a pipe, and the child ends when that pipe does. `Lab` in
`supervisor` is the one way in; `lab:NAME` targets become real addresses through its `resolve`.
"""
