#include "engine/store/redis/site_log.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/id.hpp"
#include "engine/store/batch_codec.hpp"
#include "engine/store/redis/function_library.hpp"

#include <algorithm>

namespace kindred::store::redis {
namespace {

using kindred::redis::command;
using kindred::redis::refusal;
using kindred::redis::refusal_of;
using kindred::redis::remedy;
using kindred::redis::remedy_for;
using kindred::redis::reply;
using kindred::redis::reply_kind;

constexpr std::array<std::string_view, 4> key_sets{"keys:0", "keys:1", "keys:2", "keys:3"};

std::string digest_of(const unique_key& key) {
    const auto digest = sha256(std::to_string(key.space.size()) + ':' + key.space + key.id);
    return {reinterpret_cast<const char*>(digest.data()), 16};
}

errc code_of(refusal why) {
    switch (remedy_for(why)) {
        case remedy::step_down: return errc::fenced;
        case remedy::ask_operator: return errc::forbidden;
        case remedy::wait:
        case remedy::redirect:
        case remedy::load_function:
        case remedy::is_done: break;
    }
    return errc::unavailable;
}

error odd(std::string_view what) {
    return fail(errc::corrupt, "Redis answered " + std::string(what) + " in a form that is not ours");
}

std::uint64_t number_of(const reply& from) {
    if (from.kind == reply_kind::number) return static_cast<std::uint64_t>(std::max<std::int64_t>(from.number, 0));
    return parse_number(from.text).value_or(0);
}

/// The number before the dash of a stream's id.
std::uint64_t id_number(const std::string& id) { return parse_number(id.substr(0, id.find('-'))).value_or(0); }

/// The field of a stream's entry.
const std::string* field_of(const std::vector<reply>& fields, std::string_view name) {
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
        if (fields[i].text == name) return &fields[i + 1].text;
    return nullptr;
}

std::optional<log_record> record_of(const reply& entry) {
    if (entry.list.size() != 2) return std::nullopt;
    const auto& fields = entry.list[1].list;
    const auto* before = field_of(fields, "p");
    const auto* id = field_of(fields, "i");
    const auto* bytes = field_of(fields, "b");
    const auto seq = id_number(entry.list[0].text);
    if (before == nullptr || id == nullptr || bytes == nullptr || seq == 0) return std::nullopt;
    return log_record{seq, *before, *id, *bytes};
}

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

kindred::redis::connection_settings named(kindred::redis::connection_settings server, std::string_view purpose) {
    if (!purpose.empty()) server.name += '-' + std::string(purpose);
    return server;
}

}  // namespace

std::string text_of(const batch_id& id) {
    return to_hex({reinterpret_cast<const char*>(id.incarnation.data()), id.incarnation.size()}) + '.' +
           std::to_string(id.number);
}

std::string prefix_of(std::string_view site) { return "kindred:{" + std::string(site) + "}:"; }

result<void> load_functions(kindred::redis::client& at) {
    // Who may not load them can use those that somebody else has loaded.
    const std::array look{command{"FUNCTION", "LIST", "LIBRARYNAME", functions().name}};
    const auto there = at.call(look);
    if (!there) return there.error();
    if (!there->front().is_refusal() && !there->front().list.empty()) return {};
    const std::array load{command{"FUNCTION", "LOAD", functions().text}};
    const auto replies = at.call(load);
    if (!replies) return replies.error();
    const auto& said = replies->front();
    // Another node may have been quicker.
    if (!said.is_refusal() || said.text.find("already exists") != std::string::npos) return {};
    const auto why = refusal_of(said.text);
    if (why != refusal::forbidden) return fail(code_of(why), "Redis does not take our functions: " + said.text);
    return fail(errc::forbidden, "Redis does not let this user load our functions (" + said.text +
                                     "): give it +function|load, or have an administrator load what `kindred cluster "
                                     "functions` prints");
}

site_log::site_log(const site_place& at, std::string_view purpose)
    : over_(named(at.server, purpose), way_to(at)), prefix_(prefix_of(at.site)), rule_(at.rule), figures_(at.figures) {}

command site_log::call_of(std::string_view function, std::initializer_list<std::string_view> keys) const {
    command made{"FCALL", functions().function(function), std::to_string(keys.size())};
    for (const auto name : keys) made.push_back(key(name));
    return made;
}

result<reply> site_log::say(const command& said, bool counts) {
    std::vector<command> commands{said};
    // In one pipeline with the write: on a connection that has written nothing, WAIT is content at once.
    const bool waits = counts && rule_.replicas != 0;
    if (waits) commands.push_back({"WAIT", std::to_string(rule_.replicas), std::to_string(rule_.within.count())});
    const auto patience = over_.settings().answer_within + (waits ? rule_.within : std::chrono::milliseconds{0});
    for (bool loaded = false;; loaded = true) {
        auto replies = over_.call(commands, patience);
        if (!replies) return replies.error();
        auto& answer = replies->front();
        if (answer.is_refusal() && refusal_of(answer.text) == refusal::no_function && !loaded) {
            if (const auto done = load_functions(over_); !done) return done.error();
            continue;
        }
        if (waits && (!answer.is_refusal() || refusal_of(answer.text) == refusal::duplicate)) {
            const auto& confirmed = replies->at(1);
            if (confirmed.is_refusal() || confirmed.number < static_cast<std::int64_t>(rule_.replicas)) {
                ++figures_->shortfalls;
                // Replicas that have gone may follow another master by now, some seconds before this one hears of it.
                over_.look_again();
                return fail(errc::unknown, "only " + std::to_string(std::max<std::int64_t>(confirmed.number, 0)) +
                                               " of " + std::to_string(rule_.replicas) +
                                               " replicas confirmed a write in time");
            }
        }
        return std::move(answer);
    }
}

result<reply> site_log::ask(const command& said, bool counts) {
    auto answer = say(said, counts);
    // All that is asked in this way may be carried out twice: most often a connection has gone that nobody used lately.
    if (!answer && answer.error().code == errc::unknown && !over_.is_stopped()) answer = say(said, counts);
    if (!answer || !answer->is_refusal()) return answer;
    return fail(code_of(refusal_of(answer->text)), "Redis refuses " + said.front() + ": " + answer->text);
}

result<lease_answer> site_log::acquire(const lease_claim& claim) { return ask_for_lease(claim, false); }

result<lease_answer> site_log::look(const lease_claim& claim) { return ask_for_lease(claim, true); }

result<lease_answer> site_log::ask_for_lease(const lease_claim& claim, bool looks) {
    auto said = call_of("acquire", {"head"});
    for (const auto& each :
         {claim.node, claim.address, claim.nonce, std::to_string(claim.lease.count()), to_hex(random_bytes(16))})
        said.push_back(each);
    if (looks) said.emplace_back("look");
    const auto answer = ask(said, false);
    if (!answer) return answer.error();
    const auto& parts = answer->list;
    if (parts.size() < 5) return odd("acquire");
    lease_answer made;
    made.granted = parts[0].number == 1;
    made.is_free = parts[0].number == 2;
    made.epoch = number_of(parts[1]);
    made.end = {number_of(parts[2]), parts[3].text};
    made.site_uid = parts[4].text;
    if (made.granted) return made;
    if (parts.size() < 8) return odd("acquire");
    made.owner = parts[5].text;
    made.address = parts[6].text;
    made.left = std::chrono::milliseconds{std::max<std::int64_t>(parts[7].number, 0)};
    return made;
}

result<void> site_log::renew(const lease_token& token, std::chrono::milliseconds lease) {
    auto said = call_of("renew", {"head"});
    for (const auto& each : {std::to_string(token.epoch), token.nonce, std::to_string(lease.count())})
        said.push_back(each);
    const auto answer = ask(said, false);
    return answer ? result<void>{} : answer.error();
}

result<void> site_log::release(const lease_token& token) {
    auto said = call_of("release", {"head"});
    said.push_back(std::to_string(token.epoch));
    said.push_back(token.nonce);
    const auto answer = ask(said, false);
    return answer ? result<void>{} : answer.error();
}

append_outcome site_log::append(const lease_token& token, const log_end& end, const batch& changes) {
    auto said =
        call_of("append", {"head", "log", "inbox", "writers", key_sets[0], key_sets[1], key_sets[2], key_sets[3]});
    const auto id = text_of(changes.id);
    const auto dot = id.find('.');
    for (const auto& each : {std::to_string(token.epoch), token.nonce, std::to_string(end.seq), end.last,
                             id.substr(0, dot), id.substr(dot + 1)})
        said.push_back(each);
    const auto bytes = said.size();
    encode(changes, said.emplace_back());
    said.push_back(std::to_string(changes.consumed.size()));
    for (const auto position : changes.consumed) said.push_back(std::to_string(position));
    for (const auto& each : changes.keys) said.push_back(digest_of(each.key));
    const auto answer = say(said, true);
    if (!answer) {
        const bool may_be_done = answer.error().code == errc::unknown;
        return {{may_be_done ? commit_state::unknown : commit_state::refused, answer.error().message}, {}, false};
    }
    if (!answer->is_refusal()) return {{}, {number_of(*answer), end.last, id, std::move(said[bytes])}, false};
    const auto why = refusal_of(answer->text);
    if (why == refusal::duplicate) {
        const auto seq = answer->text.ends_with(" last") ? kindred::redis::number_in(answer->text) : std::nullopt;
        if (!seq) return {};
        return {{}, {*seq, end.last, id, std::move(said[bytes])}, false};
    }
    const bool over = remedy_for(why) == remedy::step_down;
    return {{over ? commit_state::fenced : commit_state::refused, "Redis: " + answer->text},
            {},
            why == refusal::out_of_order};
}

result<std::vector<ingest_outcome>> site_log::ingest(std::span<const inbound_item> items) {
    auto said = call_of("ingest", {"head", "inbox", key_sets[0], key_sets[1], key_sets[2], key_sets[3]});
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
    for (const auto& each : answer->list) placed.push_back({each.number == 0, number_of(each)});
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

result<std::uint64_t> site_log::batches() {
    const auto answer = ask({"XLEN", key("log")}, false);
    if (!answer) return answer.error();
    return number_of(*answer);
}

result<std::uint64_t> site_log::bytes() {
    const auto answer = ask({"MEMORY", "USAGE", key("log")}, false);
    if (!answer) return answer.error();
    return number_of(*answer);
}

/// Entries of a stream behind `after`.
result<std::vector<reply>> site_log::read_stream(std::string_view stream, std::uint64_t after, std::size_t most,
                                                 std::chrono::milliseconds patience) {
    command said{"XREAD", "COUNT", std::to_string(most)};
    if (patience.count() > 0) {
        said.emplace_back("BLOCK");
        said.push_back(std::to_string(patience.count()));
    }
    for (const auto& each : {std::string("STREAMS"), key(stream), std::to_string(after) + "-0"}) said.push_back(each);
    const std::array commands{said};
    auto replies = over_.call(commands, over_.settings().answer_within + patience);
    if (!replies) return replies.error();
    auto& answer = replies->front();
    if (answer.is_refusal()) return fail(code_of(refusal_of(answer.text)), "Redis refuses XREAD: " + answer.text);
    if (answer.list.empty()) return std::vector<reply>{};
    if (answer.list[0].list.size() != 2) return odd("XREAD");
    return std::move(answer.list[0].list[1].list);
}

result<std::vector<log_record>> site_log::read(std::uint64_t after, std::size_t most,
                                               std::chrono::milliseconds patience) {
    const auto entries = read_stream("log", after, most, patience);
    if (!entries) return entries.error();
    std::vector<log_record> found;
    for (const auto& entry : *entries) {
        auto read = record_of(entry);
        if (!read) return odd("an entry of the log");
        found.push_back(std::move(*read));
    }
    return found;
}

result<std::vector<std::pair<std::uint64_t, inbound_item>>> site_log::undecided(std::uint64_t after, std::size_t most,
                                                                                std::chrono::milliseconds patience) {
    const auto entries = read_stream("inbox", after, most, patience);
    if (!entries) return entries.error();
    std::vector<std::pair<std::uint64_t, inbound_item>> found;
    for (const auto& entry : *entries) {
        auto read = item_of(entry);
        if (!read) return odd("an entry of the inbox");
        found.push_back(std::move(*read));
    }
    return found;
}

result<void> site_log::remove(std::span<const std::uint64_t> undecided) {
    if (undecided.empty()) return {};
    command said{"XDEL", key("inbox")};
    for (const auto each : undecided) said.push_back(std::to_string(each) + "-0");
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

result<void> site_log::put_value(std::string_view table, std::string_view name, std::string_view bytes) {
    const auto done = ask({"HSET", key(table), std::string(name), std::string(bytes)}, true);
    return done ? result<void>{} : done.error();
}

result<void> site_log::drop_value(std::string_view table, std::string_view name) {
    const auto done = ask({"HDEL", key(table), std::string(name)}, true);
    return done ? result<void>{} : done.error();
}

result<std::vector<std::pair<std::string, std::string>>> site_log::values(std::string_view table) {
    const auto answer = ask({"HGETALL", key(table)}, false);
    if (!answer) return answer.error();
    std::vector<std::pair<std::string, std::string>> found;
    for (std::size_t i = 0; i + 1 < answer->list.size(); i += 2)
        found.emplace_back(answer->list[i].text, answer->list[i + 1].text);
    return found;
}

}  // namespace kindred::store::redis
