#pragma once
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/connector.hpp"
#include "engine/channel/record.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What Messenger and Instagram have in common beside the signature of meta.hpp: one shape of webhook body and of
/// answer. Source: developers.facebook.com/docs/messenger-platform/reference/webhook-events.
namespace kindred::channel {

/// What is particular to one of the two.
struct meta_inbox {
    std::string_view object;   ///< of the body: "page", "instagram"
    std::string_view space;    ///< of its identities: "messenger", "instagram"
    std::string_view account;  ///< our page or account; empty: every one
    /// Reads an element of `changes` into a record whose account, conversation and event id are set by it; null:
    /// changes are not for us. False: this one is not.
    bool (*read_change)(json::value change, std::string_view account, record& made) = nullptr;
};

/// The records of one verified webhook body, in its order; never empty. What is not known, and what belongs to another
/// account, becomes a record of kind `ignored`, and so does an element that cannot be understood beside others that
/// can. errc::invalid: nothing can be understood; names the first field.
result<std::vector<record>> parse_meta_messaging(const meta_inbox& inbox, std::string_view body);

/// Where the Graph API says who somebody is.
struct meta_profiles {
    std::string base;         ///< "https://graph.facebook.com/v25.0"
    std::string token;        ///< empty: nobody is asked about
    std::string_view fields;  ///< "first_name,last_name"
};

/// The question who has written the record: GET /{person}?fields=.... None: nobody of the provider's has, or there is
/// no token. Source: developers.facebook.com/docs/messenger-platform/identity/user-profile, and Instagram's of that
/// name.
std::optional<inquiry> meta_profile_of(const meta_profiles& at, const record& sender);

/// The name in its answer: `name`, else first and last name, else `username`.
introduction meta_introduction(const inquiry_answer& said);

/// Writes "attachment": the one file of a message, which Meta fetches. errc::invalid: several, or it has no address;
/// `name` says who cannot send.
result<void> write_meta_attachment(json::writer& out, const std::vector<outgoing_file>& files, std::string_view name);

/// Reads the Graph API's answer: temporary errors and rate limits are tried again. `name` is for the reason.
delivery judge_graph_answer(std::string_view name, const provider_answer& answered, delivery by_status);

}  // namespace kindred::channel
