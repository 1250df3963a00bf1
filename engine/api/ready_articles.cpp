#include "engine/api/ready_articles.hpp"

#include "engine/rules/compiled_rules.hpp"

namespace kindred::api {

std::shared_ptr<const understanding::article_catalog> ready_articles::of(const rules::ruleset& rules) {
    const std::lock_guard hold(mutex_);
    if (catalog_ == nullptr || made_for_ != rules.hash()) {
        catalog_ = std::make_shared<const understanding::article_catalog>(rules.compiled().library);
        made_for_ = rules.hash();
    }
    return catalog_;
}

}  // namespace kindred::api
