#include "engine/app/config_store.hpp"

#include "engine/app/config_channels.hpp"
#include "engine/app/config_secrets.hpp"
#include "engine/base/id.hpp"
#include "engine/http/peer_client.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t longest_name = 64;

/// Letters, digits, dots, dashes and underscores: names become parts of keys and of CLIENT LIST.
bool is_name(const std::string& text) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return !text.empty() && text.size() <= longest_name && text.find_first_not_of(allowed) == std::string::npos;
}

void read_name(settings::section& from, std::string_view key, std::string& into) {
    const auto at = from.at(key);
    const auto text = at.text_not_empty();
    if (!text) return;
    if (is_name(*text))
        into = *text;
    else
        at.error("wants at most 64 of a-z, A-Z, 0-9, dots, dashes and underscores");
}

std::string host_name() {
    std::array<char, longest_name + 1> name{};
    if (::gethostname(name.data(), longest_name) != 0 || !is_name(name.data())) return "kindred";
    return name.data();
}

void read_security(const settings::field& given, const fs::path& folder, redis::connection_settings& into) {
    if (!given.present()) return;
    if (!given.is_mapping()) {
        into.tls = given.yes_no().value_or(false);
        return;
    }
    auto section = given.as_section();
    into.tls = true;
    if (const auto ca = section.at("ca").text_not_empty()) {
        into.ca_file = (folder / *ca).lexically_normal().string();
        if (!fs::is_regular_file(into.ca_file)) section.at("ca").error("there is no file " + into.ca_file);
    }
    section.finish();
}

void read_waits(settings::section& from, store::redis_options& into) {
    constexpr int most_replicas = 16;
    int replicas = 0;
    from.read("wait_replicas", replicas, 0, most_replicas);
    into.wait_replicas = static_cast<std::size_t>(replicas);
    from.read("wait_within", into.wait_within, milliseconds{10}, seconds{60});
    from.read("lease", into.lease, seconds{2}, seconds{120});
    if (const auto journal = from.at("journal"); journal.present()) into.journal = journal.yes_no().value_or(false);
    if (const auto most = from.at("inbox_bytes").integer(1LL << 20, 64LL << 30))
        into.inbox_bytes = static_cast<std::size_t>(*most);
    from.read("erase_within", into.erase_within, seconds{1}, seconds{3600});
}

/// `server`, the sentinels that know it, or servers of a cluster.
void read_servers(settings::section& from, const fs::path& folder, store::redis_options& into) {
    const auto sentinels = from.at("sentinels");
    const auto cluster = from.at("cluster");
    const bool others_say = sentinels.present() || cluster.present();
    const auto server = others_say ? from.at("server") : from.require("server");
    const auto address = [](const settings::field& given) {
        const auto at = read_listen_address(given);
        if (at && at->port == 0) given.error("wants a port above 0");
        return at ? redis::server_address{at->host, at->port} : redis::server_address{};
    };
    if (server.present()) into.server.server = address(server);
    for (const auto& each : sentinels.list()) into.sentinels.push_back(address(each));
    for (const auto& each : cluster.list()) into.cluster.push_back(address(each));
    if (cluster.present() && into.cluster.empty()) cluster.error("wants some servers of the cluster, host:port each");
    if (sentinels.present() && into.sentinels.empty()) sentinels.error("wants sentinels, host:port each");
    if (cluster.present() && sentinels.present())
        cluster.error("is there beside sentinels: a Redis is watched by those or is a cluster");
    from.read("master", into.master);
    const auto password = from.at("sentinel_password");
    if (const auto secrets = read_secrets(password, folder)) {
        if (secrets->size() == 1)
            into.sentinel_password = secrets->front();
        else
            password.error("wants one password");
    }
    if (others_say && server.present())
        server.error(std::string("is there beside ") + (sentinels.present() ? "sentinels" : "cluster") +
                     ", which say what the server is");
    if (sentinels.present()) return;
    for (const auto* key : {"master", "sentinel_password"})
        if (from.at(key).present()) from.at(key).error("is of use only beside sentinels");
}

/// Where other nodes reach this one, and what they are told of it.
void read_node_address(settings::section& from, config& into, store::redis_options& made) {
    if (const auto at = from.at("listen"); at.present()) {
        into.nodes = read_listen_address(at);
        const bool is_every = into.nodes && (into.nodes->host == "0.0.0.0" || into.nodes->host == "::");
        if (is_every && !from.at("address").present())
            at.error("wants the address that other nodes reach, or \"address\" beside it");
    }
    const auto told = from.at("address");
    const auto text = told.text_not_empty();
    if (!text) return;
    if (const auto at = http::split_address(*text); at && parse_number(at->second).value_or(0) > 0)
        made.address = *text;
    else
        told.error("wants host:port such as 10.0.0.7:7400, not \"" + *text + "\"");
}

/// Whether attachments are in Redis, or the nodes share a folder for them.
void read_files(const settings::field& given, store::redis_options& into) {
    if (!given.present()) return;
    static constexpr std::array<std::pair<std::string_view, bool>, 2> places{{{"redis", true}, {"folder", false}}};
    auto section = given.as_section();
    section.choose("in", into.files_in_redis, settings::choices<bool>(places));
    std::int64_t most = static_cast<std::int64_t>(into.most_file_bytes);
    section.read("most_bytes", most, std::int64_t{1} << 20, std::int64_t{1} << 50);
    into.most_file_bytes = static_cast<std::uint64_t>(most);
    if (section.at("most_bytes").present() && !into.files_in_redis)
        section.at("most_bytes").error("is of no use where in is folder");
    section.finish();
}

store::redis_options read_redis(const settings::field& given, const fs::path& file, config& into) {
    static constexpr std::array<std::pair<std::string_view, bool>, 2> unsafe{{{"refuse", true}, {"allow", false}}};
    const auto folder = file.parent_path();
    auto section = given.as_section();
    store::redis_options made;
    read_servers(section, folder, made);
    section.read("user", made.server.user);
    const auto password = section.at("password");
    if (auto secrets = read_secrets(password, folder)) {
        if (secrets->size() == 1)
            made.server.password = secrets->front();
        else
            password.error("wants one password");
    }
    if (!made.server.user.empty() && !password.present()) section.at("user").error("is of use only beside password");
    read_security(section.at("tls"), folder, made.server);
    read_name(section, "site", made.site);
    made.node = host_name();
    read_name(section, "node", made.node);
    made.server.name = "kindred-" + made.node;
    read_node_address(section, into, made);
    read_waits(section, made);
    read_files(section.at("files"), made);
    section.read("spread", made.spread);
    int most_sites = 0;
    section.read("most_sites", most_sites, 1, 10'000);
    made.most_sites = static_cast<std::size_t>(most_sites);
    if (most_sites > 0 && !made.spread) section.at("most_sites").error("is of no use where spread is no");
    section.choose("unsafe", made.refuse_unsafe, settings::choices<bool>(unsafe));
    made.copy.path = (folder / (file.stem().string() + "-copy") / "kindred.db").lexically_normal().string();
    if (const auto copy = section.at("copy").text_not_empty())
        made.copy.path = (folder / *copy).lexically_normal().string();
    // What a power cut takes from the copy, the log in Redis has.
    made.copy.sync = store::sync_level::normal;
    section.finish();
    return made;
}

}  // namespace

void read_store(const settings::field& given, const fs::path& file, bool needed, config& into) {
    settings::section store(given);
    const auto sqlite = store.at("sqlite");
    const auto shared = store.at("redis");
    if (const auto path = sqlite.text_not_empty()) into.database = (file.parent_path() / *path).lexically_normal();
    if (shared.present()) {
        if (sqlite.present()) shared.error("is there beside sqlite: a site is in one of them");
        into.shared = read_redis(shared, file, into);
        into.database = into.shared->copy.path;
    } else if (needed && store.present()) {
        store.require("sqlite");
    }
    store.finish();
}

}  // namespace kindred::app
