"""Gopher (RFC 1436) with addresses of RFC 4266: one line asks, the answer ends with the connection.

Left out here: Gopher+ (attributes, forms) and the CSO and telnet sessions that items can lead to: they are shown and
not followed.
"""
