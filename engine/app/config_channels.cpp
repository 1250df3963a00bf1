#include "engine/app/config_channels.hpp"

#include "engine/app/channel_policy.hpp"
#include "engine/app/config_mailbox.hpp"
#include "engine/app/config_secrets.hpp"
#include "engine/app/connectors.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <array>

namespace kindred::app {
namespace {

/// Settings that the engine reads, whatever the connector.
constexpr std::array<std::string_view, 7> engine_settings{"connector",       "kind",   "listen", "protocol", "tls",
                                                          "tls_certificate", "tls_key"};

channel::structure structure_of(const settings::node& given) {
    using form = channel::structure::form;
    channel::structure made;
    made.line = given.at.line;
    made.column = given.at.column;
    made.text = given.text;
    if (given.kind == settings::node_kind::list) made.is = form::list;
    if (given.kind == settings::node_kind::mapping) made.is = form::mapping;
    for (const auto& each : given.items) made.items.push_back(structure_of(each));
    for (const auto& each : given.members) made.members.push_back({each.key, structure_of(each.value)});
    return made;
}

std::optional<channel::option> read_option(const settings::named_field& key, const settings::field& given,
                                           const std::filesystem::path& folder, bool structured) {
    channel::option made;
    made.name = key.key;
    made.line = key.at.line;
    made.column = key.at.column;
    made.is_list = given.is_list();
    if (structured) {
        if (given.present()) made.tree = std::make_shared<const channel::structure>(structure_of(*given.raw()));
        return made;
    }
    auto values = read_secrets(given, folder);
    if (!values) return std::nullopt;
    made.values = std::move(*values);
    return made;
}

std::string host_of(const std::string& address) {
    const auto start = address.find("://");
    if (start == std::string::npos) return {};
    auto rest = address.substr(start + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    return to_lower_ascii(rest.substr(0, rest.rfind(':')));
}

void trust_local_hosts(const std::vector<channel::option>& options, config& into) {
    for (const auto& each : options)
        for (const auto& value : each.values) trust_host_of(value, into);
}

void report(const settings::field& owner, const channel::options& options, const std::vector<channel::option>& given) {
    for (const auto& problem : options.problems()) {
        const auto found =
            std::find_if(given.begin(), given.end(), [&](const auto& each) { return each.name == problem.name; });
        auto at = found == given.end() ? owner.at() : settings::position{found->line, found->column};
        if (problem.line != 0) at = {problem.line, problem.column};
        const auto what = problem.name.empty() ? problem.message : problem.name + ": " + problem.message;
        owner.found().error(owner.file(), at, what);
    }
    auto known = options.known();
    known.insert(known.end(), engine_settings.begin(), engine_settings.end());
    known.insert(known.end(), policy_settings.begin(), policy_settings.end());
    for (const auto& unknown : options.unused())
        owner.found().error(owner.file(), {unknown.line, unknown.column},
                            unknown.name + ": unknown setting" + settings::suggestion(unknown.name, known));
}

void read_starttls(settings::section& settings, const std::filesystem::path& folder, mail_intake& into) {
    static constexpr std::array<std::pair<std::string_view, bool>, 2> demands{{{"offered", false}, {"required", true}}};
    settings.choose("tls", into.settings.tls_required, settings::choices<bool>(demands));
    const auto certificate = settings.at("tls_certificate").text_not_empty();
    const auto key = settings.at("tls_key").text_not_empty();
    if (certificate && key)
        into.tls = {(folder / *certificate).lexically_normal(), (folder / *key).lexically_normal()};
    else if (certificate || key)
        settings.at(certificate ? "tls_certificate" : "tls_key").error("wants tls_certificate and tls_key together");
    else if (settings.at("tls").present())
        settings.at("tls").error("wants tls_certificate and tls_key beside it");
}

void read_mail_listener(settings::section& settings, const std::string& channel, const std::filesystem::path& folder,
                        config& into) {
    const auto listen = settings.at("listen");
    static constexpr std::array<std::pair<std::string_view, mail::protocol>, 2> protocols{
        {{"lmtp", mail::protocol::lmtp}, {"smtp", mail::protocol::smtp}}};
    mail_intake made;
    made.channel = std::string(channel);
    settings.choose("protocol", made.settings.speaks, settings::choices<mail::protocol>(protocols));
    if (const auto most = settings.at("max_message_bytes").integer(1, 1 << 30))
        made.settings.max_message_bytes = static_cast<std::size_t>(*most);
    read_starttls(settings, folder, made);
    if (!listen.present()) return;
    const auto address = read_listen_address(listen);
    if (!address) return;
    made.settings.address = address->host;
    made.settings.port = address->port;
    into.mail.push_back(std::move(made));
}

void read_channel(const settings::named_field& key, const settings::field& given, const std::filesystem::path& folder,
                  config& into) {
    auto section = given.as_section();
    const auto connector = section.require("connector").text();
    static constexpr std::array<std::pair<std::string_view, channel_kind>, 6> kinds{{{"email", channel_kind::email},
                                                                                     {"chat", channel_kind::chat},
                                                                                     {"social", channel_kind::social},
                                                                                     {"phone", channel_kind::phone},
                                                                                     {"forum", channel_kind::forum},
                                                                                     {"api", channel_kind::api}}};
    const auto kind = section.at("kind").choice(settings::choices<channel_kind>(kinds));
    read_mail_listener(section, std::string(key.key), folder, into);
    if (!connector) return;
    const auto* known = find_connector(*connector);
    if (known == nullptr) {
        section.at("connector")
            .error("there is no connector \"" + *connector + "\"" +
                   settings::suggestion(*connector, connector_names()));
        return;
    }
    std::vector<channel::option> options;
    for (const auto& each : given.entries()) {
        const auto& name = each;
        const auto& value = each.value;
        if (std::find(engine_settings.begin(), engine_settings.end(), name.key) != engine_settings.end()) continue;
        if (std::find(policy_settings.begin(), policy_settings.end(), name.key) != policy_settings.end()) continue;
        const bool structured =
            std::find(known->structures.begin(), known->structures.end(), name.key) != known->structures.end();
        if (auto read = read_option(name, value, folder, structured)) options.push_back(std::move(*read));
    }
    channel::options view(std::string(key.key), options, into.public_url);
    std::shared_ptr<const channel::connector> works = known->make(view);
    report(given, view, options);
    trust_local_hosts(options, into);
    if (works == nullptr) return;
    if (*connector == "imap") into.mailboxes.push_back(mailbox_of(view));
    const auto carries = kind.value_or(works->kind());
    auto policy = read_policy(section, carries, works->can());
    into.channels.push_back({std::string(key.key), *connector, carries, std::move(works), std::move(policy)});
}

bool fit_for_addresses(const std::string& name) {
    return !name.empty() && name.size() <= 64 &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
}

}  // namespace

void trust_host_of(const std::string& address, config& into) {
    const auto host = host_of(address);
    if (!host.empty() &&
        std::find(into.trusted_hosts.begin(), into.trusted_hosts.end(), host) == into.trusted_hosts.end())
        into.trusted_hosts.push_back(host);
}

void read_channels(const settings::field& given, const std::filesystem::path& folder, config& into) {
    for (const auto& key : given.entries()) {
        const auto& value = key.value;
        if (!fit_for_addresses(std::string(key.key)))
            given.found().error(given.file(), key.at,
                                "a channel's name is part of its address: a-z, 0-9, - and _, at most 64");
        else
            read_channel(key, value, folder, into);
    }
}

std::optional<listen_address> read_listen_address(const settings::field& given) {
    const auto text = given.text();
    if (!text) return std::nullopt;
    const auto colon = text->rfind(':');
    const auto port =
        colon == std::string::npos ? std::nullopt : parse_number(std::string_view(*text).substr(colon + 1));
    if (!port || *port > 65'535) {
        given.error("wants address:port such as 127.0.0.1:8080, not \"" + *text + "\"");
        return std::nullopt;
    }
    auto host = text->substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return listen_address{host, static_cast<std::uint16_t>(*port)};
}

}  // namespace kindred::app
