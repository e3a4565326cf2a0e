"""Single calls on sockets, made by hand and in any order, the wrong one too: what each answered, and what that means.

The descriptors and their calls stand in desk.Desk; spec.CALLS lists the calls, with what a person gives each.
"""
