#include "engine/store/redis/site_log.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/id.hpp"
#include "engine/store/batch_codec.hpp"
#include "engine/store/redis/function_library.hpp"
#include "engine/store/redis/site_replies.hpp"

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

command site_log::behind(std::initializer_list<std::pair<std::string_view, std::uint64_t>> streams, std::size_t most,
                         std::chrono::milliseconds patience) const {
    command said{"XREAD", "COUNT", std::to_string(most)};
    if (patience.count() > 0) {
        said.emplace_back("BLOCK");
        said.push_back(std::to_string(patience.count()));
    }
    said.emplace_back("STREAMS");
    for (const auto& [stream, after] : streams) said.push_back(key(stream));
    for (const auto& [stream, after] : streams) said.push_back(std::to_string(after) + "-0");
    return said;
}

command site_log::call_of(std::string_view function, std::initializer_list<std::string_view> keys) const {
    command made{"FCALL", functions().function(function), std::to_string(keys.size())};
    for (const auto name : keys) made.push_back(key(name));
    return made;
}

result<reply> site_log::say(const command& said, bool counts) {
    std::vector<command> commands{said};
    auto answers = say(commands, counts);
    if (!answers) return answers.error();
    return std::move(answers->front());
}

result<std::vector<reply>> site_log::say(std::vector<command>& said, bool counts) {
    const auto asked = said.size();
    // In one pipeline with the writes: on a connection that has written nothing, WAIT is content at once.
    const bool waits = counts && rule_.replicas != 0;
    if (waits) said.push_back({"WAIT", std::to_string(rule_.replicas), std::to_string(rule_.within.count())});
    const auto patience = over_.settings().answer_within + (waits ? rule_.within : std::chrono::milliseconds{0});
    for (bool loaded = false;; loaded = true) {
        auto replies = over_.call(said, patience);
        if (!replies) return replies.error();
        const auto& first = replies->front();
        if (first.is_refusal() && refusal_of(first.text) == refusal::no_function && !loaded) {
            if (const auto done = load_functions(over_); !done) return done.error();
            continue;
        }
        if (waits && (!first.is_refusal() || refusal_of(first.text) == refusal::duplicate)) {
            const auto& confirmed = replies->at(asked);
            if (confirmed.is_refusal() || confirmed.number < static_cast<std::int64_t>(rule_.replicas)) {
                ++figures_->shortfalls;
                // Replicas that have gone may follow another master by now, some seconds before this one hears of it.
                over_.look_again();
                return fail(errc::unknown, "only " + std::to_string(std::max<std::int64_t>(confirmed.number, 0)) +
                                               " of " + std::to_string(rule_.replicas) +
                                               " replicas confirmed a write in time");
            }
        }
        replies->resize(asked);
        return replies;
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
    auto said = call_of("acquire", {"head", "leads"});
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
    auto said = call_of("release", {"head", "leads"});
    said.push_back(std::to_string(token.epoch));
    said.push_back(token.nonce);
    const auto answer = ask(said, false);
    return answer ? result<void>{} : answer.error();
}

result<void> site_log::wait_for_leader(std::uint64_t epoch, std::chrono::milliseconds patience) {
    const std::array commands{behind({{"leads", 2 * epoch + 1}}, 1, patience)};
    auto replies = over_.call(commands, over_.settings().answer_within + patience);
    if (!replies) return replies.error();
    const auto heard = entries_in(std::move(replies->front()), key("leads"));
    return heard ? result<void>{} : heard.error();
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

result<std::vector<log_record>> site_log::read(std::uint64_t after, std::size_t most,
                                               std::chrono::milliseconds patience, std::optional<std::uint64_t> epoch) {
    std::array commands{behind({{"log", after}}, most, patience)};
    if (epoch) commands.front() = behind({{"log", after}, {"leads", 2 * *epoch}}, most, patience);
    auto replies = over_.call(commands, over_.settings().answer_within + patience);
    if (!replies) return replies.error();
    const auto entries = entries_in(std::move(replies->front()), key("log"));
    if (!entries) return entries.error();
    std::vector<log_record> found;
    for (const auto& entry : *entries) {
        auto read = record_of(entry);
        if (!read) return odd("an entry of the log");
        found.push_back(std::move(*read));
    }
    return found;
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
