#pragma once
#include "engine/rules/ruleset.hpp"
#include "engine/understanding/article_catalog.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace kindred::api {

/// The articles of the ruleset in force, made ready to be found: once for each ruleset, whoever searches. Any thread.
class ready_articles {
public:
    std::shared_ptr<const understanding::article_catalog> of(const rules::ruleset& rules);

private:
    std::mutex mutex_;
    std::string made_for_;  ///< hash of the ruleset
    std::shared_ptr<const understanding::article_catalog> catalog_;
};

}  // namespace kindred::api
