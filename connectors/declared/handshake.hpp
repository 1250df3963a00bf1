#pragma once
#include "connectors/declared/proof.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::connectors::declared {

/// A question by which the provider makes sure of the address, answered with something of itself.
struct handshake {
    std::string method = "POST";
    std::vector<condition> when;  ///< all must hold
    field_path challenge;
    std::optional<field_path> token;  ///< must be one of `tokens`
    std::vector<std::string> tokens;
    bool is_signed = true;  ///< asked of POST alone: the proof is checked first
    text_template answer;   ///< of {challenge} and {hmac}
    bool answers_json = false;
};

/// Reads `handshake`: one, or a list.
std::vector<handshake> read_handshakes(channel::options& settings);

/// The answer, when the request is one of these questions: for GET all of them, for POST those with the same
/// `is_signed`. Nothing when it is none.
std::optional<channel::reception> answer_handshake(const std::vector<handshake>& all, const event_view& asked,
                                                   const proof_scheme& scheme, bool is_signed);

}  // namespace kindred::connectors::declared
