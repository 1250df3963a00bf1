#pragma once
#include "engine/channel/record.hpp"
#include "engine/rules/self_service.hpp"
#include "engine/understanding/sure_articles.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>

namespace kindred::runtime {

/// By so much the best article must be surer than the next that is for the same customer: else it is anybody's guess.
inline constexpr double article_lead = 0.1;

/// What is ready to be sent under a ruleset.
struct articles_to_send {
    rules::self_service_settings wanted;
    std::unique_ptr<const understanding::sure_articles> articles;  ///< null where none are sent
};

/// Finds articles that may answer contacts, before they are decided. What it finds goes into the record as its detail
/// `self_service`, with what the rules say of it, so that it is stored with the contact:
///
///     {"articles": [{"id": "returns", "confidence": 0.9}], "least": 0.8, "hold_ms": 600000, "exclude": {"value":
///     ["vip"]}}
///
/// The articles of new rules are made ready beside the work; until then none are found. For one thread.
class article_reader {
public:
    /// `usual_language`: the sender's, where the contact does not show its own; may be empty.
    void read(channel::record& happened, channel_kind kind, std::string_view usual_language,
              const rules::ruleset& rules);

private:
    void prepare(const rules::ruleset& rules);

    std::string ready_for_;  ///< hash of the ruleset; of what is in the making, too
    std::future<std::shared_ptr<const articles_to_send>> in_the_making_;
    std::shared_ptr<const articles_to_send> ready_;
};

}  // namespace kindred::runtime
