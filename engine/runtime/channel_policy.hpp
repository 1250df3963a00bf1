#pragma once
#include "engine/base/rate.hpp"
#include "engine/channel/connector.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kindred::runtime {

/// What becomes of a text that is too long for one message.
enum class long_text { split = 1, refuse };

/// A template as the provider has approved it.
struct approved_template {
    std::string name;
    std::string language;
    std::optional<std::size_t> parameters;  ///< how many it wants; none: not said
};

/// What the centre has settled for one channel, whatever its connector (docs/channels/README.md, "Common settings").
struct channel_policy {
    std::optional<rate> send_rate;  ///< none: as fast as the provider answers
    long_text when_too_long = long_text::split;
    std::optional<channel::text_limit> longest_text;  ///< none: what the connector says
    std::vector<std::string> stop_words;              ///< lower case; a message that is nothing else forbids answers
    std::vector<std::string> start_words;             ///< ... allows them again
    std::optional<rate> flood_limit;                  ///< of one sender; none: no limit
    std::vector<std::string> blocked;                 ///< senders whom the configuration refuses
    std::vector<approved_template> templates;
    std::int64_t most_file_bytes = 25LL << 20U;
    std::vector<std::string> file_types;              ///< "image/*", "application/pdf"; empty: all but programs
    rate visitor_uploads{20, std::chrono::hours{1}};  ///< files of one visitor of a web chat
    rate address_uploads{60, std::chrono::hours{1}};  ///< ... of all visitors behind one address
};

/// The words that senders of messages expect to work (CTIA, "Messaging Principles and Best Practices").
inline std::vector<std::string> usual_stop_words() { return {"stop", "stopall", "unsubscribe"}; }
inline std::vector<std::string> usual_start_words() { return {"start", "unstop"}; }

}  // namespace kindred::runtime
