#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"
#include "engine/understanding/article_catalog.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace kindred::api {

/// What the rules have to say to agents beside the decision: articles by words, macros, and where both are missing.
/// Called on blocking threads.
class guidance_endpoints {
public:
    explicit guidance_endpoints(runtime::site& site) : site_(site) {}

    void find_articles(std::shared_ptr<call> asked);
    void macros(std::shared_ptr<call> asked);
    void coverage(std::shared_ptr<call> asked);
    /// Dimensions with their segments, and stages: what a customer can be pinned to.
    void groups(std::shared_ptr<call> asked);

private:
    /// The articles of the ruleset in force, made ready to be found: once for each ruleset.
    std::shared_ptr<const understanding::article_catalog> catalog_of(const rules::ruleset& rules);

    runtime::site& site_;
    std::mutex mutex_;
    std::string made_for_;  ///< hash of the ruleset
    std::shared_ptr<const understanding::article_catalog> catalog_;
};

}  // namespace kindred::api
