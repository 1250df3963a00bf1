#pragma once
#include "engine/api/call.hpp"
#include "engine/api/public_page.hpp"
#include "engine/api/reader_tally.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/site.hpp"
#include "engine/understanding/article_catalog.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::api {

/// The articles of the rules for everybody: /faq lists them by stage and language and finds them by words, /faq/<id>
/// shows one, takes whether it helped, and brings a question to a person. Called on blocking threads.
class faq_pages {
public:
    static constexpr std::string_view path = "/faq";
    static bool is_about(std::string_view asked) { return asked == path || asked.starts_with("/faq/"); }

    explicit faq_pages(runtime::site& site) : site_(site), tally_(site) {}

    void handle(const std::shared_ptr<call>& asked);

private:
    /// What a visitor wants to see.
    struct view {
        rules::ruleset rules;
        std::string language;
        std::string stage;  ///< empty: of all
        const page_words& words;
    };
    /// The library's places of what may be shown, one for each id.
    std::vector<std::size_t> shown_to(const view& of) const;
    view view_of(const call& asked) const;
    void list(const call& asked, const view& of);
    void show(const call& asked, const view& of, std::string_view id);
    void vote(const std::shared_ptr<call>& asked, const view& of, std::string_view id);
    void bring(const std::shared_ptr<call>& asked, const view& of, std::string_view id);
    std::vector<std::size_t> found(const view& of, const std::string& words, const std::vector<std::size_t>& among);
    std::shared_ptr<const understanding::article_catalog> catalog_of(const rules::ruleset& rules);

    runtime::site& site_;
    reader_tally tally_;
    std::mutex mutex_;
    std::string catalog_hash_;  ///< of the rules it was made from
    std::shared_ptr<const understanding::article_catalog> catalog_;
};

}  // namespace kindred::api
