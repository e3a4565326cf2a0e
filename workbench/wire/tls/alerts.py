"""TLS alerts by number: their names and what they mean (RFC 8446 section 6, and the registry it begins)."""

from typing import Final

ALERTS: Final[dict[int, tuple[str, str]]] = {
    0: ("close_notify", "it sends no more"),
    10: ("unexpected_message", "a message came that had no place there"),
    20: ("bad_record_mac", "a record could not be verified: changed on its way, or the wrong key"),
    21: ("decryption_failed", "a record could not be decrypted"),
    22: ("record_overflow", "a record was too long"),
    30: ("decompression_failure", "a record could not be unpacked"),
    40: ("handshake_failure", "no common ground: ciphers, groups or signatures that both accept"),
    41: ("no_certificate", "there is no certificate to show"),
    42: ("bad_certificate", "the certificate is damaged or its signature is wrong"),
    43: ("unsupported_certificate", "the certificate is of a kind that it can't use"),
    44: ("certificate_revoked", "the certificate was revoked"),
    45: ("certificate_expired", "the certificate has expired or is not valid yet"),
    46: ("certificate_unknown", "the certificate was not accepted, for a reason of its own"),
    47: ("illegal_parameter", "a value in the handshake is not allowed"),
    48: ("unknown_ca", "the certificate leads to no authority that it trusts"),
    49: ("access_denied", "the certificate is valid, but access is not allowed"),
    50: ("decode_error", "a message could not be read"),
    51: ("decrypt_error", "a signature or a proof of the handshake is wrong"),
    60: ("export_restriction", "export rules of the past forbid it"),
    70: ("protocol_version", "it does not speak this version of TLS"),
    71: ("insufficient_security", "it demands stronger ciphers"),
    80: ("internal_error", "something of its own failed"),
    86: ("inappropriate_fallback", "a version lower than both could speak was asked for"),
    90: ("user_canceled", "the handshake was called off"),
    100: ("no_renegotiation", "it does not negotiate again"),
    109: ("missing_extension", "the handshake lacks an extension that must be there"),
    110: ("unsupported_extension", "an extension came that nobody asked for"),
    111: ("certificate_unobtainable", "the certificate could not be fetched"),
    112: ("unrecognized_name", "it knows no server of the name we asked for (SNI)"),
    113: ("bad_certificate_status_response", "the proof of not being revoked is wrong"),
    115: ("unknown_psk_identity", "it does not know the shared key"),
    116: ("certificate_required", "it demands a certificate of ours"),
    120: ("no_application_protocol", "it speaks none of the protocols we offered (ALPN)"),
    121: ("ech_required", "it demands an encrypted ClientHello"),
}


def alert_words(number: int) -> tuple[str, str]:
    """(name, meaning) of an alert; of an unknown one its number."""
    return ALERTS.get(number, (f"alert {number}", "no document that we know names this alert"))
