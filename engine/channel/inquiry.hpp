#pragma once
#include "engine/base/time.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::channel {

/// Something that a delivery does not say and that has to be asked elsewhere: a certificate, a mail that lies in a
/// bucket, somebody's name. It is a value, because connectors do no I/O: the runtime asks, through the client that
/// calls no private address, and remembers the answer.
struct inquiry {
    std::string key;  ///< names what is asked, within the channel: one answer serves all who ask the same
    std::string method = "GET";
    std::string url;  ///< absolute; the connector has checked the host
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body{};
    duration good_for{0};                       ///< how long an answer of 2xx may be used again; 0: only once
    duration within = std::chrono::seconds{6};  ///< an answer that takes longer is none
};

/// What came back.
struct inquiry_answer {
    unsigned status = 0;  ///< of HTTP; 0: there was no answer
    std::string body;     ///< of no answer: why
    std::vector<std::pair<std::string, std::string>> headers{};

    bool is_fine() const { return status >= 200 && status < 300; }
    /// The first value of a header, ignoring case; empty when there is none.
    std::string_view header(std::string_view name) const;
};

/// Answers by the key of their inquiry.
using inquiry_answers = std::map<std::string, inquiry_answer, std::less<>>;

}  // namespace kindred::channel
