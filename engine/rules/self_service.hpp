#pragma once
#include "engine/rules/ruleset.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Whom an article may answer before an agent does, and with what.
namespace kindred::rules {

/// The section self_service of routing.yaml.
struct self_service_settings {
    /// From 0 to 1; see understanding::sure_articles. None: nobody is answered by an article.
    std::optional<double> confidence;
    std::vector<channel_kind> channels{channel_kind::chat, channel_kind::email};
    /// Whom only people answer: segments by dimension, or stages under "stage".
    std::map<std::string, std::vector<std::string>, std::less<>> exclude;
    duration hold{};  ///< how long a ticket so answered is not offered; 0: offered at once
    bool faq = true;  ///< whether /faq is there

    bool operator==(const self_service_settings&) const = default;
};

/// Read anew from the ruleset's files, which takes as long as parsing routing.yaml: to be asked for once per ruleset,
/// and not on the writer's thread. Any thread.
self_service_settings self_service_of(const ruleset& rules);

/// Whether articles leave whoever was decided so to people.
bool is_left_to_people(const self_service_settings& wanted, const decision& made);

/// The article of this id as it is sent to this customer: one that is for them, in the language of the contact (of the
/// customer or the site, where that is not known). None: it would not be understood, or is not meant for them.
std::optional<text_body> fitting_article(const ruleset& rules, std::string_view id, const decision_input& input);

}  // namespace kindred::rules
