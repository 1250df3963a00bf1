#include "engine/http/refusal.hpp"

namespace kindred::http {

const char* name_of(refusal reason) {
    switch (reason) {
        case refusal::malformed: return "malformed";
        case refusal::bad_target: return "bad_target";
        case refusal::bad_host: return "bad_host";
        case refusal::bad_transfer_encoding: return "bad_transfer_encoding";
        case refusal::bad_content_length: return "bad_content_length";
        case refusal::folded_header: return "folded_header";
        case refusal::bad_expectation: return "bad_expectation";
        case refusal::encoded_body: return "encoded_body";
        case refusal::too_many_fields: return "too_many_fields";
        case refusal::header_too_large: return "header_too_large";
        case refusal::target_too_long: return "target_too_long";
        case refusal::body_too_large: return "body_too_large";
        case refusal::failed_handshake: return "failed_handshake";
        case refusal::slow_handshake: return "slow_handshake";
        case refusal::slow_header: return "slow_header";
        case refusal::slow_body: return "slow_body";
        case refusal::slow_reader: return "slow_reader";
        case refusal::too_many_connections: return "too_many_connections";
        case refusal::too_many_from_peer: return "too_many_from_peer";
        case refusal::too_many_in_flight: return "too_many_in_flight";
        case refusal::too_much_buffered: return "too_much_buffered";
        case refusal::draining: return "draining";
        case refusal::unanswered: return "unanswered";
        case refusal::bad_upgrade: return "bad_upgrade";
        case refusal::slow_websocket: return "slow_websocket";
    }
    return "unknown";
}

unsigned status_of(refusal reason) {
    switch (reason) {
        case refusal::malformed:
        case refusal::bad_target:
        case refusal::bad_host:
        case refusal::bad_transfer_encoding:
        case refusal::bad_content_length:
        case refusal::folded_header:
        case refusal::bad_upgrade:
        case refusal::too_many_fields: return 400;
        case refusal::bad_expectation: return 417;
        case refusal::encoded_body: return 415;
        case refusal::header_too_large: return 431;
        case refusal::target_too_long: return 414;
        case refusal::body_too_large: return 413;
        case refusal::slow_header:
        case refusal::slow_body: return 408;
        case refusal::too_many_connections:
        case refusal::too_many_from_peer:
        case refusal::too_many_in_flight:
        case refusal::too_much_buffered:
        case refusal::draining: return 503;
        case refusal::unanswered: return 500;
        case refusal::failed_handshake:
        case refusal::slow_handshake:
        case refusal::slow_reader:
        case refusal::slow_websocket: return 0;
    }
    return 500;
}

}  // namespace kindred::http
