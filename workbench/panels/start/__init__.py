"""Start: where a person begins. It offers the Lab's servers and the experiments, and plays those in place.

An experiment asks for a prediction first, plays its steps on real sockets, and then shows what was seen beside what was
expected, with the explanation.
"""
