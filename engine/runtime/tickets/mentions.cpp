#include "engine/runtime/tickets/mentions.hpp"

#include "engine/base/json.hpp"
#include "engine/runtime/desks/views.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t most_named = 50;

bool is_of_a_name(char letter) {
    const auto code = static_cast<unsigned char>(letter);
    return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
           letter == '_' || letter == '-' || letter == '.' || code >= 0x80;
}

}  // namespace

std::string mention_key(agent_id agent, ticket_id ticket) { return mention_prefix(agent) + to_string(ticket); }

std::vector<agent_id> mentioned_in(std::string_view text, const roster& people) {
    std::vector<agent_id> named;
    for (auto at = text.find('@'); at != std::string_view::npos && named.size() < most_named;
         at = text.find('@', at + 1)) {
        if (at > 0 && is_of_a_name(text[at - 1])) continue;  // a mail address
        auto end = at + 1;
        while (end < text.size() && is_of_a_name(text[end])) ++end;
        // "@bo." ends a sentence, "@bo.berg" is a log-in.
        const person* found = nullptr;
        for (; found == nullptr && end > at + 1; --end) {
            found = people.find(text.substr(at + 1, end - at - 1));
            if (found == nullptr && text[end - 1] != '.' && text[end - 1] != '-') break;
        }
        if (found != nullptr && std::find(named.begin(), named.end(), found->id) == named.end())
            named.push_back(found->id);
    }
    return named;
}

void tell_mentioned(step& in, const ticket& about, std::uint32_t number, agent_id by,
                    const std::vector<agent_id>& named) {
    for (const auto agent : named) {
        if (agent == by || !in.on().people->may(agent).has(permission::tickets_read)) continue;
        json::writer out;
        out.begin_object().member("ticket", to_string(about.id)).member("entry", number);
        write_agent(out, "by", *in.on().people, by);
        out.end_object();
        in.put_kept({std::string(mention_rows), mention_key(agent, about.id), in.now(), std::string(out.text())});
        json::writer frame;
        frame.begin_object().member("entry", number);
        write_agent(frame, "by", *in.on().people, by);
        frame.raw(ticket_frame(in.on(), about, in.now())).end_object();
        in.publish(agent, "mention", members_of(std::string(frame.text())));
    }
}

}  // namespace kindred::runtime
