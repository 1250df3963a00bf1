#pragma once
#include "engine/api/call.hpp"
#include "engine/api/public_page.hpp"
#include "engine/api/reader_tally.hpp"
#include "engine/api/ready_articles.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/site.hpp"

#include <memory>
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

    faq_pages(runtime::site& site, ready_articles& articles) : site_(site), articles_(articles), tally_(site) {}

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

    runtime::site& site_;
    ready_articles& articles_;
    reader_tally tally_;
};

}  // namespace kindred::api
