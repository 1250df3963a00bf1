#pragma once
#include "engine/channel/record.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/understanding/sure_articles.hpp"

#include <future>
#include <memory>
#include <string>
#include <string_view>

namespace kindred::runtime {

/// Finds articles that may answer contacts, before they are decided. What it finds goes into the record as its detail
/// `self_service`, so that it is stored with the contact:
///
///     {"ruleset": "<hash>", "articles": [{"id": "returns", "nearness": 0.9}]}
///
/// The articles of new rules are made ready beside the work; until then none are found. For one thread.
class article_reader {
public:
    /// `usual_language`: the sender's, where the contact does not show its own; may be empty.
    void read(channel::record& happened, channel_kind kind, std::string_view usual_language,
              const rules::ruleset& rules);

private:
    using ready_articles = std::shared_ptr<const understanding::sure_articles>;  ///< null where none are sent
    static ready_articles make_ready(const rules::ruleset& rules);
    void prepare(const rules::ruleset& rules);

    std::string ready_for_;  ///< hash of the ruleset; of what is in the making, too
    std::future<ready_articles> in_the_making_;
    ready_articles ready_;
};

}  // namespace kindred::runtime
