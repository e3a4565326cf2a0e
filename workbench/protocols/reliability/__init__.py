"""What a transport repairs and what it does not: the same numbered messages there and back over UDP and over TCP.

`message` is one message and its check, `ledger` judges what came back, `client` sends and collects.
"""
