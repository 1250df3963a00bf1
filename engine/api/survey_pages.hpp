#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"
#include "engine/runtime/surveys/asked_survey.hpp"
#include "engine/runtime/surveys/survey_link.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace kindred::api {

/// The page at which a survey is answered, /surveys/<token>: a plain form, once, for as long as the signed address
/// says. Called on blocking threads.
class survey_pages {
public:
    static bool is_about(std::string_view asked) { return asked.starts_with(runtime::survey_path); }

    explicit survey_pages(runtime::site& site) : site_(site) {}

    void handle(const std::shared_ptr<call>& asked);

private:
    /// A survey that can be answered, and whose it is.
    struct opened {
        runtime::survey_link link;
        customer_id whose;
        runtime::asked_survey survey;
    };
    result<opened> open(const call& asked) const;
    void take(const std::shared_ptr<call>& asked, const opened& about);

    runtime::site& site_;
};

/// The address of the page of a ticket's survey, below ours; empty where nobody was asked.
std::string page_of_survey(runtime::site& site, const store::ticket_row& row);

}  // namespace kindred::api
