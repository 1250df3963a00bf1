#pragma once
#include "engine/api/call.hpp"
#include "engine/api/ready_articles.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// What the rules have to say to agents beside the decision: articles by words, macros, and where both are missing.
/// Called on blocking threads.
class guidance_endpoints {
public:
    guidance_endpoints(runtime::site& site, ready_articles& articles) : site_(site), articles_(articles) {}

    void find_articles(std::shared_ptr<call> asked);
    void macros(std::shared_ptr<call> asked);
    void coverage(std::shared_ptr<call> asked);
    /// Dimensions with their segments, and stages: what a customer can be pinned to.
    void groups(std::shared_ptr<call> asked);

private:
    runtime::site& site_;
    ready_articles& articles_;
};

}  // namespace kindred::api
