#include "engine/store/redis/server_checks.hpp"

#include "engine/base/id.hpp"
#include "engine/base/log.hpp"
#include "engine/store/redis/snapshot_pieces.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace kindred::store::redis {
namespace {

using kindred::redis::command;
using kindred::redis::reply;

constexpr std::uint64_t least_version = 7;

/// The value behind "name:" in what INFO answers.
std::optional<std::string> info(const reply& from, std::string_view name) {
    const auto wanted = std::string(name) + ':';
    const auto at = from.text.starts_with(wanted) ? 0 : from.text.find("\n" + wanted);
    if (at == std::string::npos) return std::nullopt;
    const auto begin = from.text.find(':', at) + 1;
    return from.text.substr(begin, from.text.find_first_of("\r\n", begin) - begin);
}

/// The value that CONFIG GET answers; nothing where this user may not ask.
std::optional<std::string> setting(const reply& from) {
    if (from.list.size() != 2) return std::nullopt;
    return from.list[1].text;
}

std::string unknown(const char* name, const char* wanted) {
    return std::string(name) +
           " cannot be read: give the user +config|get, or, where the provider sees to it that it is " + wanted +
           ", set unsafe: allow";
}

}  // namespace

result<std::vector<std::string>> unsafe_settings(kindred::redis::client& server, bool in_cluster) {
    const std::array<command, 4> questions{command{"INFO", "server"}, command{"ROLE"},
                                           command{"CONFIG", "GET", "maxmemory-policy"},
                                           command{"CONFIG", "GET", "appendonly"}};
    auto replies = server.call(questions);
    if (!replies) return replies.error();
    std::vector<std::string> found;
    const auto& said = *replies;
    const auto version = info(said[0], "redis_version");
    const auto major = version ? parse_number(version->substr(0, version->find('.'))) : std::nullopt;
    if (!major || *major < least_version)
        found.push_back("it is Redis " + version.value_or("of an unknown version") + ": 7.0 or newer is needed");
    if (const auto mode = info(said[0], "redis_mode"); !in_cluster && mode == "cluster")
        found.push_back(
            "it is a server of a cluster: name some of its servers under \"cluster\" instead of \"server\"");
    if (!said[1].list.empty() && said[1].list[0].text != "master")
        found.push_back("it is a replica: name its master (\"replicaof\" in redis.conf says which)");
    const auto policy = setting(said[2]);
    if (!policy)
        found.push_back(unknown("maxmemory-policy", "noeviction"));
    else if (*policy != "noeviction")
        found.push_back("it evicts keys when memory is short: set \"maxmemory-policy noeviction\" (it is " + *policy +
                        ")");
    const auto append = setting(said[3]);
    if (!append)
        found.push_back(unknown("appendonly", "yes"));
    else if (*append != "yes")
        found.push_back("it forgets everything when it restarts: set \"appendonly yes\"");
    return found;
}

namespace {

/// Of a cluster: whether this user may have the pieces of snapshots there; says what is to be changed. Where they lie
/// otherwise, which MOVED says, is of no account: who may not is told so first.
result<std::optional<std::string>> pieces_refused(kindred::redis::client& server, const redis_options& options) {
    const auto prefix = piece_prefix_of(options.site);
    const std::array question{command{"PTTL", prefix + "}:piece"}};
    const auto replies = server.call(question);
    if (!replies) return replies.error();
    const auto& said = replies->front();
    if (!said.is_refusal() || kindred::redis::refusal_of(said.text) != kindred::redis::refusal::forbidden)
        return std::optional<std::string>{};
    return std::optional("it does not let this user have the pieces of snapshots (" + said.text + "): add ~" + prefix +
                         "* and +pttl to the user");
}

result<void> prepare(kindred::redis::client& server, const std::string& where, const redis_options& options) {
    auto problems = unsafe_settings(server, !options.cluster.empty());
    if (!problems) return problems.error();
    if (!options.cluster.empty()) {
        auto refused = pieces_refused(server, options);
        if (!refused) return refused.error();
        if (*refused) problems->push_back(std::move(**refused));
    }
    std::string all;
    for (const auto& each : *problems) {
        log::warn("this Redis is not safe to keep a site in", {{"server", where}, {"because", each}});
        all += "; " + each;
    }
    if (!all.empty() && options.refuse_unsafe)
        return fail(errc::invalid, "Redis at " + where + " is not safe to keep a site in" + all +
                                       ". \"unsafe: allow\" in the store's section starts all the same");
    return load_functions(server);
}

std::string shown(const kindred::redis::server_address& at) { return at.host + ":" + std::to_string(at.port); }

}  // namespace

result<void> prepare_servers(kindred::redis::client& of_site, const redis_options& options) {
    if (options.cluster.empty()) return prepare(of_site, shown(options.server.server), options);
    const auto masters = of_site.masters();
    if (!masters) return masters.error();
    for (const auto& each : *masters) {
        auto settings = of_site.settings();
        settings.server = each;
        kindred::redis::client at(settings);
        const auto done = prepare(at, shown(each), options);
        if (done || done.error().code == errc::invalid || done.error().code == errc::forbidden) {
            if (!done) return done;
            continue;
        }
        // The site may be with another one, and move there some day: then the functions are loaded when they are
        // missed.
        log::warn("a master of the cluster cannot be asked", {{"server", shown(each)}, {"err", done.error().message}});
    }
    return load_functions(of_site);
}

}  // namespace kindred::store::redis
