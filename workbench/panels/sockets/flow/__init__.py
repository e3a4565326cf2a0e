"""The page about octets that wait: a pipe that is filled, ends that wait for each other, and who notices a death first.

All of it happens on loopback, on real connections; what this system does not tell is hatched.
"""
