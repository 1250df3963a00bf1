#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/self_service/sent_article.hpp"
#include "engine/runtime/site.hpp"
#include "engine/runtime/surveys/survey_link.hpp"

#include <memory>
#include <string_view>

namespace kindred::api {

/// The page at which a customer says whether the article that answered them helped, /answers/<token>. Opening it
/// changes nothing, since programs that look into mails open what they find there. Called on blocking threads.
class answer_pages {
public:
    static bool is_about(std::string_view asked) { return asked.starts_with(runtime::article_path); }

    explicit answer_pages(runtime::site& site) : site_(site) {}

    void handle(const std::shared_ptr<call>& asked);

private:
    /// An article that somebody can say something to, and who that is.
    struct opened {
        runtime::survey_link link;
        customer_id whose;
        runtime::sent_article sent;
    };
    result<opened> open(const call& asked) const;
    void take(const std::shared_ptr<call>& asked, const opened& about);

    runtime::site& site_;
};

}  // namespace kindred::api
