#include "engine/runtime/arrivals/introductions.hpp"

#include "engine/base/log.hpp"
#include "engine/runtime/arrivals/contact_of.hpp"

namespace kindred::runtime {
namespace {

bool says_anything(const channel::introduction& as) {
    return !as.name.empty() || !as.language.empty() || !as.identities.empty();
}

customer_change change_of(const channel_entry& via, customer_id whose, channel::introduction as) {
    as.language = language_of(as.language);
    customer_change made;
    made.customer = whose;
    made.source = "channel:" + via.name;
    made.what = profile::introduce{std::move(as), {}};
    made.done = [channel = via.name](const result<std::string>& said) {
        if (!said)
            log::warn("what a provider says of a customer cannot be kept",
                      {{"channel", channel}, {"err", said.error().message}});
    };
    return made;
}

}  // namespace

std::vector<stranger> strangers_in(const channel_entry& via, const std::vector<channel::record>& records) {
    std::vector<stranger> found;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].identities.empty() || !records[i].display_name.empty()) continue;
        auto question = via.works->who_is(records[i]);
        if (question) found.push_back({i, records[i].identities.front(), std::move(*question)});
    }
    return found;
}

void introduce(inquiries& from, const channel_entry& via, const std::vector<stranger>& strangers,
               const std::vector<outcome>& outcomes, const std::function<bool(input)>& to_intake) {
    for (const auto& each : strangers) {
        if (each.record >= outcomes.size() || !outcomes[each.record].nameless) continue;
        const auto whose = outcomes[each.record].nameless;
        from.ask_at_leisure(via.name, each.question,
                            [&via, who = each.who, whose, to_intake](const channel::inquiry_answer& answer) {
                                auto as = via.works->introduced(who, answer);
                                if (!says_anything(as))
                                    return log::warn("a provider does not say who has written: see its answer's error",
                                                     {{"channel", via.name}, {"err", answer.body.substr(0, 200)}});
                                if (!to_intake(change_of(via, whose, std::move(as))))
                                    log::warn("a customer's name cannot be taken in now", {{"channel", via.name}});
                            });
    }
}

}  // namespace kindred::runtime
