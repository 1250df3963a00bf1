#include "engine/channel/connector.hpp"

#include "engine/base/id.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"

namespace kindred::channel {

std::optional<std::string_view> request::single_header(std::string_view name) const {
    std::optional<std::string_view> found;
    if (headers == nullptr) return found;
    for (const auto& [key, value] : *headers) {
        if (!equal_ignoring_case(key, name)) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found && !found->empty() ? found : std::nullopt;
}

std::optional<std::string> request::query_parameter(std::string_view name) const {
    for (auto& field : parse_form(query))
        if (field.name == name) return std::move(field.value);
    return std::nullopt;
}

const inquiry_answer* request::answer_to(std::string_view key) const {
    if (answers == nullptr) return nullptr;
    const auto found = answers->find(key);
    return found == answers->end() ? nullptr : &found->second;
}

answer connector::answer_for(const record&, const situation&) const { return {}; }

delivery connector::judge(const provider_answer& answered) const {
    delivery outcome;
    if (answered.status >= 200 && answered.status < 300) {
        outcome.outcome = delivery::state::sent;
        return outcome;
    }
    const bool again = answered.status == 0 || answered.status == 408 || answered.status == 425 ||
                       answered.status == 429 || answered.status >= 500;
    outcome.outcome = again ? delivery::state::retry : delivery::state::failed;
    outcome.reason = "provider answered " + std::to_string(answered.status);
    for (const auto& [key, value] : answered.headers) {
        if (!equal_ignoring_case(key, "retry-after")) continue;
        if (const auto seconds = parse_number(trim(value)); seconds && *seconds <= 86'400)
            outcome.retry_after = std::chrono::seconds{*seconds};
    }
    return outcome;
}

result<std::optional<provider_call>> connector::deliver_further(const outgoing&,
                                                                std::span<const provider_answer>) const {
    return std::optional<provider_call>{};
}

result<provider_call> connector::fetch(const attachment& file, time_point) const {
    if (!file.url.starts_with("https://") && !file.url.starts_with("http://"))
        return fail(errc::invalid, "the file has no address to fetch it from");
    provider_call call;
    call.method = "GET";
    call.url = file.url;
    return call;
}

result<std::optional<provider_call>> connector::fetch_further(const attachment&, const provider_answer&) const {
    return std::optional<provider_call>{};
}

std::optional<provider_call> connector::forget(const attachment&, time_point) const { return std::nullopt; }

std::optional<inquiry> connector::who_is(const record&) const { return std::nullopt; }

introduction connector::introduced(const identity&, const inquiry_answer&) const { return {}; }

std::vector<checkup> connector::checkups(time_point) const {
    return {cannot_ask("provider", "the channel depends on nobody's answers")};
}

checkup_result connector::read_checkup(const checkup& asked, const provider_answer& answered) const {
    const auto judged = judge(answered);
    if (judged.outcome == delivery::state::sent) return {true, text_at(answered.body, asked.name_at)};
    return {false, judged.reason};
}

}  // namespace kindred::channel
