"""Experiments: a question, a prediction, steps on real engines against the Lab, what must be seen, and why.

Each is one TOML card in resources/experiments. It plays in the window, runs in the terminal, and is a test: as it is
written it must pass, and with its [broken] table applied it must fail.
"""
