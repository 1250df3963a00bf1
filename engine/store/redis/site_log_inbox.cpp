#include "engine/store/redis/site_log.hpp"
#include "engine/store/redis/site_replies.hpp"

#include <algorithm>

/// The site's inbox: what was taken in and is not decided, and the keys by which nothing gets there twice.
namespace kindred::store::redis {
namespace {

using kindred::redis::command;
using kindred::redis::refusal_of;
using kindred::redis::reply;

std::optional<std::pair<std::uint64_t, inbound_item>> item_of(const reply& entry) {
    if (entry.list.size() != 2) return std::nullopt;
    const auto& fields = entry.list[1].list;
    const auto* space = field_of(fields, "s");
    const auto* id = field_of(fields, "i");
    const auto* at = field_of(fields, "a");
    const auto* payload = field_of(fields, "p");
    const auto position = id_number(entry.list[0].text);
    if (space == nullptr || id == nullptr || at == nullptr || payload == nullptr || position == 0) return std::nullopt;
    const auto millis = parse_number(*at);
    if (!millis) return std::nullopt;
    inbound_item item{{*space, *id}, from_millis(static_cast<std::int64_t>(*millis)), *payload};
    return std::pair(position, std::move(item));
}

}  // namespace

void site_log::belongs_to(const std::string& site_uid) {
    const std::lock_guard hold(uid_mutex_);
    uid_ = site_uid;
}

result<std::vector<ingest_outcome>> site_log::ingest(std::span<const inbound_item> items, std::size_t most) {
    auto said = call_of("ingest", {"head", "inbox", key_sets[0], key_sets[1], key_sets[2], key_sets[3]});
    {
        const std::lock_guard hold(uid_mutex_);
        said.push_back(uid_);
    }
    said.push_back(std::to_string(most));
    for (const auto& each : items) {
        said.push_back(digest_of(each.key));
        said.push_back(each.key.space);
        said.push_back(each.key.id);
        said.push_back(std::to_string(to_millis(each.at)));
        said.push_back(each.payload);
    }
    const auto answer = ask(said, true);
    if (!answer) return answer.error();
    if (answer->list.size() != items.size()) return odd("ingest");
    std::vector<ingest_outcome> placed;
    for (const auto& each : answer->list) {
        if (each.is_refusal() && refusal_of(each.text) != kindred::redis::refusal::inbox_full) return odd("ingest");
        if (each.is_refusal()) figures_->calls->refused(kindred::redis::refusal::inbox_full);
        placed.push_back({!each.is_refusal() && each.number == 0, each.is_refusal() ? no_room : number_of(each)});
    }
    return placed;
}

result<std::vector<bool>> site_log::are_known(std::span<const unique_key> keys) {
    std::vector<bool> found(keys.size(), false);
    if (keys.empty()) return found;
    std::vector<command> questions;
    for (const auto set : key_sets) {
        auto& said = questions.emplace_back(command{"SMISMEMBER", key(set)});
        for (const auto& each : keys) said.push_back(digest_of(each));
    }
    const auto answers = over_.call(questions);
    if (!answers) return answers.error();
    for (const auto& answer : *answers) {
        if (answer.is_refusal())
            return fail(code_of(refusal_of(answer.text)), "Redis refuses SMISMEMBER: " + answer.text);
        if (answer.list.size() != keys.size()) return odd("SMISMEMBER");
        for (std::size_t i = 0; i < keys.size(); ++i) found[i] = found[i] || answer.list[i].number == 1;
    }
    return found;
}

result<inbox_page> site_log::undecided(std::uint64_t after, std::size_t most, std::chrono::milliseconds patience) {
    // Before the rest is read: what is taken in meanwhile is behind it.
    const std::array commands{command{"HGET", key("head"), "pos"}, behind({{"inbox", after}}, most, patience)};
    auto replies = over_.call(commands, over_.settings().answer_within + patience);
    if (!replies) return replies.error();
    const auto& end = replies->front();
    if (end.is_refusal()) return fail(code_of(refusal_of(end.text)), "Redis refuses HGET: " + end.text);
    const auto entries = entries_in(std::move(replies->back()), key("inbox"));
    if (!entries) return entries.error();
    inbox_page found;
    for (const auto& entry : *entries) {
        auto read = item_of(entry);
        if (!read) return odd("an entry of the inbox");
        found.items.push_back(std::move(*read));
    }
    const auto last = found.items.empty() ? 0 : found.items.back().first;
    found.read_to = found.items.size() < most ? std::max(number_of(end), last) : last;
    return found;
}

result<std::uint64_t> site_log::inbox_end() {
    const auto answer = ask({"HGET", key("head"), "pos"}, false);
    if (!answer) return answer.error();
    return number_of(*answer);
}

result<void> site_log::remove(std::span<const inbox_place> undecided) {
    if (undecided.empty()) return {};
    auto said = call_of("leave", {"head", "inbox"});
    for (const auto& each : undecided)
        for (const auto& part : {std::to_string(each.position), each.key.space, each.key.id}) said.push_back(part);
    const auto answer = ask(said, false);
    return answer ? result<void>{} : answer.error();
}

result<std::uint64_t> site_log::undecided_count() {
    const auto answer = ask({"XLEN", key("inbox")}, false);
    if (!answer) return answer.error();
    return number_of(*answer);
}

result<std::vector<std::pair<std::uint64_t, inbound_item>>> site_log::undecided() {
    constexpr std::size_t at_once = 500;
    std::vector<std::pair<std::uint64_t, inbound_item>> found;
    while (true) {
        const auto from = found.empty() ? std::string("-") : "(" + std::to_string(found.back().first) + "-0";
        const auto answer = ask({"XRANGE", key("inbox"), from, "+", "COUNT", std::to_string(at_once)}, false);
        if (!answer) return answer.error();
        for (const auto& entry : answer->list) {
            auto read = item_of(entry);
            if (!read) return odd("an entry of the inbox");
            found.push_back(std::move(*read));
        }
        if (answer->list.size() < at_once) return found;
    }
}

}  // namespace kindred::store::redis
