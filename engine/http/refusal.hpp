#pragma once

namespace kindred::http {

/// Why a request never reached its handler, or a connection was ended. One bounded label set for metrics.
enum class refusal {
    malformed = 1,          ///< not HTTP/1.x: request line, field syntax, line endings, chunk framing
    bad_target,             ///< bytes that no request target may hold, or a form this server does not serve
    bad_host,               ///< none, several or an impossible Host
    bad_transfer_encoding,  ///< anything but exactly `chunked` once on HTTP/1.1 without Content-Length
    bad_content_length,     ///< several, or not digits alone
    folded_header,          ///< obsolete line folding (RFC 9112 section 5.2)
    bad_expectation,        ///< an Expect other than 100-continue
    encoded_body,           ///< a Content-Encoding; bodies are taken as they are
    too_many_fields,        ///< more than 100 header fields
    header_too_large,       ///< over 8 KiB of request line and header
    target_too_long,        ///< over 4 KiB
    body_too_large,         ///< over what the route allows
    failed_handshake,       ///< no TLS, or none that we speak
    slow_handshake,         ///< TLS not agreed on in time
    slow_header,            ///< header not complete in time
    slow_body,              ///< body slower than the least rate
    slow_reader,            ///< the peer does not take the response
    too_many_connections,   ///< total cap
    too_many_from_peer,     ///< cap per address
    too_many_in_flight,     ///< requests awaiting their answer
    too_much_buffered,      ///< bodies being received hold too much memory
    draining,               ///< the server is about to stop
    unanswered,             ///< the handler dropped its responder, or did not answer in time
    bad_upgrade,            ///< accepted as a WebSocket, but the request is no valid handshake
    slow_websocket,         ///< outbox full: closed with 1013
};

/// The stable name of a reason, as a metric label.
const char* name_of(refusal reason);

/// The status that a refused request is answered with; 0 where no answer can be sent.
unsigned status_of(refusal reason);

}  // namespace kindred::http
