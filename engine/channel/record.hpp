#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/customer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::channel {

/// What a delivery says has happened.
enum class record_kind {
    message = 1,
    edit,
    deletion,
    reaction,
    postback,
    status,
    call,
    call_status,
    ivr_input,
    queue_wait,
    queue_result,
    echo,
    bounce,
    complaint,
    control,
    handoff,
    identity_change,
    provider_error,  ///< the provider could not carry out what we asked for, and says so of its own accord
    ignored
};
/// The name in JSON: "message", "delete", "call-status", ...
std::string_view name_of(record_kind kind);

/// One attached file: either bytes that came along, or where the provider keeps it. Nothing is fetched on receipt.
struct attachment {
    std::string name;
    std::string type;        ///< media type as declared, e.g. "image/jpeg"
    std::int64_t size = -1;  ///< bytes; -1: not said
    std::string url;
    std::string media_id;
    std::string inline_id;  ///< Content-ID without <>
    std::string content;    ///< bytes that came with the delivery; empty when only referred to
    std::string stored;     ///< SHA-256 of the bytes once they are kept (store::file_store); the runtime's
    std::string not_kept;   ///< why its bytes are not kept ("too_large", "type_refused"); the runtime's
};

/// A field that only some providers have, as JSON text under the name that docs/channels and `kindred receive` use.
struct detail {
    std::string name;
    std::string json;
};

/// One thing that happened, in one shape for all providers. `kindred receive` prints exactly this.
struct record {
    record_kind kind = record_kind::message;
    /// Names the delivery for de-duplication within its channel: message id and what happened to it. Never empty.
    std::string event_id;
    std::string provider_message_id;
    std::string from;  ///< stable sender id as the provider writes it
    std::string handle;
    std::string display_name;
    std::string to;  ///< our own number, page, inbox
    std::optional<std::string> text;
    std::optional<std::string>
        stripped_text;  ///< without the quoted part; only where it differs or a provider gives it
    std::string subject;
    std::vector<attachment> attachments;
    std::optional<time_point> at;  ///< time at the provider; none: use arrival
    std::string thread;
    std::string reply_to;
    std::string locale;
    std::vector<detail> details;

    // What the runtime needs beside what is printed.
    std::vector<identity> identities;  ///< of the sender, folded; empty: an anonymous customer of its own
    std::string
        conversation;  ///< continues the open ticket that has the same one in this channel; empty: always a new ticket
    std::vector<std::string> references;  ///< ids of earlier messages (ours or theirs), most recent last
    std::string status;                   ///< of `status`, `call_status`: what became of provider_message_id
    std::string ignored_because;          ///< bounded set of reasons, for kind `ignored`, `echo`, `control`
    std::string reply_address;            ///< where an answer goes when it is not `from`
    std::string ticket;                   ///< number of the ticket that a signed token names; continued whoever writes
    bool answer_automatically = true;     ///< false: never send anything automatic (RFC 3834, lists, bounces)

    /// Adds a detail; `json` must be valid JSON text.
    void add_detail(std::string_view name, std::string json) {
        details.push_back({std::string(name), std::move(json)});
    }
};

/// The record as `kindred receive` prints it: empty fields left out, details inlined.
std::string to_json(const record& happened);
/// The stored form: to_json() plus the runtime's fields. Attachment bytes are not in it.
std::string to_stored_json(const record& happened);

}  // namespace kindred::channel
