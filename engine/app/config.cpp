#include "engine/app/config.hpp"

#include "engine/app/config_channels.hpp"
#include "engine/app/config_customers.hpp"
#include "engine/app/config_secrets.hpp"
#include "engine/app/config_store.hpp"

#include <array>
#include <fstream>
#include <iterator>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> read_path(const settings::field& given, const fs::path& folder) {
    const auto text = given.text_not_empty();
    if (!text) return std::nullopt;
    return (folder / *text).lexically_normal();
}

void read_tls(const settings::field& given, const fs::path& folder, config& into) {
    if (!given.present()) return;
    auto section = given.as_section();
    const auto certificate = read_path(section.require("certificate"), folder);
    const auto key = read_path(section.require("key"), folder);
    section.finish();
    if (certificate && key) into.tls = {*certificate, *key};
}

void read_proxies(const settings::field& given, const settings::field& header, config& into) {
    using told_in = http::trusted_proxies::told_in;
    const auto named = header.present() ? header.text_not_empty().value_or("") : std::string("x-forwarded-for");
    if (header.present() && named != "x-forwarded-for" && named != "forwarded")
        header.error("wants x-forwarded-for or forwarded");
    if (!given.present()) {
        if (header.present()) header.error("is of use only beside trusted_proxies");
        return;
    }
    std::vector<std::string> networks;
    for (const auto& each : given.list()) {
        networks.push_back(each.text_not_empty().value_or(""));
        if (auto fine = http::trusted_proxies::of({networks.back()}); !fine) {
            each.error(fine.error().message);
            networks.pop_back();
        }
    }
    if (auto read =
            http::trusted_proxies::of(networks, named == "forwarded" ? told_in::forwarded : told_in::x_forwarded_for))
        into.proxies = std::move(*read);
}

void read_server(const settings::field& given, const fs::path& folder, config& into) {
    settings::section server(given);
    if (const auto at = server.at("listen"); at.present())
        if (const auto address = read_listen_address(at)) into.listen = *address;
    read_tls(server.at("tls"), folder, into);
    if (const auto at = server.at("admin"); at.present()) into.admin = read_listen_address(at);
    server.read("public_url", into.public_url);
    while (into.public_url.ends_with('/')) into.public_url.pop_back();
    int threads = static_cast<int>(into.threads);
    server.read("threads", threads, 1, 256);
    into.threads = static_cast<std::size_t>(threads);
    if (const auto path = read_path(server.at("web"), folder)) into.web = *path;
    read_proxies(server.at("trusted_proxies"), server.at("proxy_header"), into);
    server.finish();
    if (into.public_url.empty())
        into.public_url =
            (into.tls ? "https://" : "http://") + into.listen.host + ":" + std::to_string(into.listen.port);
}

void read_understanding(const settings::field& given, const fs::path& folder, config_use use, config& into) {
    settings::section section(given);
    into.understanding.on = given.present();
    const auto read_model = [&](const char* key, fs::path& model) {
        const auto path = read_path(section.at(key), folder);
        if (!path) return;
        model = *path;
        if (use == config_use::serve && !fs::is_regular_file(model))
            section.at(key).error("there is no file " + model.string());
    };
    read_model("language_model", into.understanding.language_model);
    read_model("intent_model", into.understanding.intent_model);
    section.finish();
}

void read_desks(const settings::field& given, config& into) {
    settings::section desks(given);
    desks.read("lease", into.desk_lease, std::chrono::seconds{1}, std::chrono::hours{1});
    desks.finish();
}

void read_tokens(const settings::field& given, const fs::path& folder, config& into) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> roles{
        {{runtime::built_in::api, runtime::built_in::api},
         {runtime::built_in::agent, runtime::built_in::agent},
         {runtime::built_in::supervisor, runtime::built_in::supervisor},
         {runtime::built_in::admin, runtime::built_in::admin},
         {runtime::built_in::read_only, runtime::built_in::read_only}}};
    for (const auto& each : given.list()) {
        api::configured_token made;
        auto section = each.as_section();
        made.name = section.require("name").text_not_empty().value_or("");
        if (auto secrets = read_secrets(section.require("token"), folder)) made.secrets = std::move(*secrets);
        std::string_view role = runtime::built_in::api;
        section.choose("role", role, settings::choices<std::string_view>(roles));
        made.role = role;
        section.finish();
        for (const auto& secret : made.secrets)
            if (secret.size() < 16) each.error("token: wants at least 16 characters");
        into.tokens.push_back(std::move(made));
    }
}

void read_attachments(const settings::field& given, config& into) {
    settings::section section(given);
    section.read("keep_for", into.files.keep_for, duration{0}, std::chrono::days{36'500});
    section.read("sweep_every", into.files.sweep_every, std::chrono::seconds{1}, std::chrono::days{30});
    section.read("trusted_hosts", into.files.trusted_hosts);
    section.finish();
}

void read_subscription(const settings::field& given, const fs::path& folder, config& into) {
    auto section = given.as_section();
    runtime::event_subscription made;
    made.name = section.require("name").text_not_empty().value_or("");
    made.url = section.require("url").text_not_empty().value_or("");
    section.read("types", made.types);
    if (auto secrets = read_secrets(section.require("secret"), folder))
        made.secrets = webhook_keys_of(*secrets, section.at("secret"));
    section.finish();
    const bool fit = made.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
    if (!fit) section.at("name").error("wants a-z, 0-9, - and _");
    if (!made.url.starts_with("https://") && !made.url.starts_with("http://"))
        section.at("url").error("wants an address such as https://crm.example.com/events");
    for (const auto& each : into.events)
        if (each.name == made.name) section.at("name").error("there is another subscription \"" + made.name + '"');
    trust_host_of(made.url, into);
    into.events.push_back(std::move(made));
}

void read_events(const settings::field& given, const fs::path& folder, config& into) {
    for (const auto& each : given.list()) read_subscription(each, folder, into);
}

void read_log(const settings::field& given, config& into) {
    static constexpr std::array<std::pair<std::string_view, log::level>, 4> levels{{{"debug", log::level::debug},
                                                                                    {"info", log::level::info},
                                                                                    {"warning", log::level::warn},
                                                                                    {"error", log::level::error}}};
    static constexpr std::array<std::pair<std::string_view, bool>, 2> formats{{{"json", false}, {"text", true}}};
    settings::section section(given);
    section.choose("level", into.log_level, settings::choices<log::level>(levels));
    section.choose("format", into.log_for_people, settings::choices<bool>(formats));
    section.finish();
}

void read_everything(settings::section& root, const fs::path& file, config_use use, config& into,
                     std::vector<settings::diagnostic>& problems) {
    const auto folder = file.parent_path();
    read_server(root.at("server"), folder, into);
    read_tokens(root.at("tokens"), folder, into);
    read_log(root.at("log"), into);
    read_desks(root.at("desks"), into);
    read_attachments(root.at("attachments"), into);
    read_events(root.at("events"), folder, into);
    read_crm(root.at("crm"), folder, into);
    read_retention(root.at("retention"), into);
    read_joins(root.at("customers"), into);
    read_channels(root.at("channels"), folder, into);
    read_understanding(root.at("understanding"), folder, use, into);
    const bool serves = use == config_use::serve;
    read_store(serves ? root.require("store") : root.at("store"), file, serves, into);
    if (const auto path = read_path(serves ? root.require("rules") : root.at("rules"), folder)) into.rules = *path;
    if (serves && !into.rules.empty() && !fs::is_directory(into.rules))
        root.at("rules").error("there is no folder " + into.rules.string());
    if (serves && !into.web.empty() && !fs::is_directory(into.web))
        root.at("server").error("web: there is no folder " + into.web.string());
    const auto people = root.at("people");
    if (const auto file = read_path(people, folder); file && serves) into.people = read_people(people, *file, problems);
}

bool has_channels_alone(const settings::node& root) {
    return root.members.size() == 1 && root.members.front().key == "channels";
}

bool has_errors(const std::vector<settings::diagnostic>& problems) {
    for (const auto& each : problems)
        if (each.level == settings::severity::error) return true;
    return false;
}

}  // namespace

read_config_result read_config(const fs::path& file, config_use use) {
    read_config_result answer;
    const auto shown = file.string();
    settings::problems found;
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        found.error(shown, {}, "cannot be read");
        answer.problems = found.sorted();
        return answer;
    }
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    config made;
    if (const auto tree = settings::parse_yaml(shown, text, found)) {
        if (use == config_use::check) use = has_channels_alone(*tree) ? config_use::receive : config_use::serve;
        settings::section root(settings::field(shown, "", &*tree, found));
        read_everything(root, file, use, made, answer.problems);
        root.finish();
    }
    for (auto& each : found.sorted()) answer.problems.push_back(std::move(each));
    if (!has_errors(answer.problems)) answer.read = std::move(made);
    return answer;
}

}  // namespace kindred::app
