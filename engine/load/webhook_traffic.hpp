#pragma once
#include "engine/base/digest.hpp"
#include "engine/load/target.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::load {

/// What tells one load from another, so that nothing of it is a repetition of an earlier one.
struct traffic_origin {
    std::string secret;           ///< the channel's `app_secret`; not empty
    std::string run;              ///< goes into every message id: letters and digits that no other run has
    std::int64_t sent_at = 0;     ///< Unix seconds, the messages' own time
    std::uint32_t customers = 1;  ///< who write in turns; 1 to 100,000,000
};

/// Signed requests as WhatsApp's Cloud API sends them: one text message each, about 1 kB, with an id of its own. All
/// but a few digits and the signature is written once. Pure; one thread at a time.
class webhook_traffic {
public:
    webhook_traffic(const target& to, const traffic_origin& from);

    /// The bytes of request `number`, headers and body; valid until the next call.
    std::string_view compose(std::uint64_t number);

private:
    /// Digits of the request that differ from one to the next.
    struct place {
        std::size_t at;
        std::size_t digits;
    };
    void write(const place& where, std::uint64_t number);

    hmac sign_;
    std::uint32_t customers_;
    std::string request_;
    std::size_t body_at_ = 0;
    std::size_t signature_at_ = 0;
    std::vector<place> message_places_;
    std::vector<place> customer_places_;
};

}  // namespace kindred::load
