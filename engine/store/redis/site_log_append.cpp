#include "engine/store/batch_codec.hpp"
#include "engine/store/redis/site_log.hpp"
#include "engine/store/redis/site_replies.hpp"

/// How batches get into a site's log.
namespace kindred::store::redis {
namespace {

using kindred::redis::command;
using kindred::redis::refusal;
using kindred::redis::remedy;
using kindred::redis::reply;

/// What goes out together, in bytes of batches: Redis has all of it in memory at once.
constexpr std::size_t enough_bytes = std::size_t{4} << 20;

struct batch_in_call {
    log_end becomes;
    std::size_t bytes = 0;  ///< which argument the batch is
};

append_outcome outcome_of(const reply& answer, const log_end& end) {
    append_outcome made;
    if (!answer.is_refusal()) {
        made.record.seq = number_of(answer);
        return made;
    }
    const auto why = kindred::redis::refusal_of(answer.text);
    if (why == refusal::duplicate) {
        // What lies before the end the copy has, but for the last one, which it may not have been able to take.
        const auto seq = kindred::redis::number_in(answer.text).value_or(0);
        if (seq == end.seq || seq == end.seq + 1) made.record.seq = seq;
        return made;
    }
    const bool over = kindred::redis::remedy_for(why) == remedy::step_down;
    made.what = {over ? commit_state::fenced : commit_state::refused, "Redis: " + answer.text};
    made.is_out_of_order = why == refusal::out_of_order;
    return made;
}

}  // namespace

append_outcome site_log::append(const lease_token& token, const log_end& end, const batch& changes) {
    const std::array<std::shared_ptr<const batch>, 1> one{
        std::shared_ptr<const batch>(std::shared_ptr<const batch>(), &changes)};
    return std::move(append(token, end, one).front());
}

std::vector<append_outcome> site_log::append(const lease_token& token, const log_end& end,
                                             std::span<const std::shared_ptr<const batch>> batches) {
    std::vector<command> said;
    std::vector<batch_in_call> placed;
    auto at = end;
    for (std::size_t bytes = 0; said.size() < batches.size() && bytes < enough_bytes;) {
        const auto& changes = *batches[said.size()];
        auto& call = said.emplace_back(call_of("append", {"head", "log", "inbox", "writers", key_sets[0], key_sets[1],
                                                          key_sets[2], key_sets[3], owed_table}));
        auto id = text_of(changes.id);
        const auto dot = id.find('.');
        for (const auto& each : {std::to_string(token.epoch), token.nonce, std::to_string(at.seq), at.last,
                                 id.substr(0, dot), id.substr(dot + 1)})
            call.push_back(each);
        at = {at.seq + 1, std::move(id)};
        placed.push_back({at, call.size()});
        encode(changes, call.emplace_back());
        bytes += call.back().size();
        call.emplace_back(changes.erased.empty() ? "0" : "1");
        call.push_back(std::to_string(changes.consumed.size()));
        for (const auto position : changes.consumed) call.push_back(std::to_string(position));
        for (const auto& each : changes.keys) call.push_back(digest_of(each.key));
    }
    const auto answers = say(said, true);
    if (!answers) {
        const bool may_be_done = answers.error().code == errc::unknown;
        append_outcome none{{may_be_done ? commit_state::unknown : commit_state::refused, answers.error().message}, {}};
        return {std::move(none)};
    }
    std::vector<append_outcome> outcomes;
    at = end;
    for (std::size_t i = 0; i < answers->size(); ++i) {
        auto each = outcome_of((*answers)[i], at);
        // Behind one that was not where the others were expected to begin, the rest has been told a wrong place.
        if (each.is_out_of_order && !outcomes.empty()) break;
        const bool done = each.what.state == commit_state::committed;
        if (each.record.seq != 0) {
            each.record = {each.record.seq, at.last, placed[i].becomes.last, std::move(said[i][placed[i].bytes])};
            at = {each.record.seq, each.record.id};
        }
        outcomes.push_back(std::move(each));
        if (!done) break;
    }
    return outcomes;
}

}  // namespace kindred::store::redis
