"""HTTP/1.1 as a client (RFC 9110, RFC 9112), one connection for each request.

Left out here: HTTP/2 and 3 (ALPN offers http/1.1 and nothing else), connections that are used again, several ranges in
one answer, caching, cookies, digest logins, proxies. What is sent is exactly what the preview shows; heads are kept as
they came.
"""
