"""The Lab's FTP server: pyftpdlib, turned by the Lab's own loop, with switches that bend what it does."""
