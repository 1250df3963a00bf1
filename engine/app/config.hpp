#pragma once
#include "engine/api/crm_webhooks.hpp"
#include "engine/api/sign_in.hpp"
#include "engine/base/log.hpp"
#include "engine/http/trusted_proxies.hpp"
#include "engine/mail/imap_client.hpp"
#include "engine/mail/listener.hpp"
#include "engine/runtime/arrivals/crm_lookup.hpp"
#include "engine/runtime/channels.hpp"
#include "engine/runtime/people/caretaker.hpp"
#include "engine/runtime/sending/event_subscription.hpp"
#include "engine/runtime/sending/file_keeper.hpp"
#include "engine/settings/diagnostic.hpp"
#include "engine/settings/reader.hpp"
#include "engine/store/redis/options.hpp"
#include "engine/tls/server_identity.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kindred::app {

struct listen_address {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;
};

/// Somebody of people.yaml, with the password as it is written there.
struct seeded_person {
    runtime::person who;
    std::string password;
};

/// A mail channel's listener.
struct mail_intake {
    std::string channel;
    mail::listener_settings settings;
    std::optional<tls::certificate_files> tls;  ///< what STARTTLS proves; none: it is not offered
};

/// A mail channel's folder on an IMAP server.
struct mailbox {
    std::string channel;
    mail::mailbox_settings settings;
};

/// How contacts are understood that do not say their language and intent.
struct understanding_settings {
    bool on = false;                       ///< the configuration has the section
    std::filesystem::path language_model;  ///< empty: the one that is installed, else CLD2 alone
    std::filesystem::path intent_model;    ///< empty: intents are not told
};

/// A whole configuration file, read. Defaults live here and nowhere else.
struct config {
    listen_address listen;
    std::optional<tls::certificate_files> tls;  ///< of `listen`; none: plain HTTP
    std::optional<listen_address> admin;
    std::string public_url;
    std::size_t threads = 2;
    http::trusted_proxies proxies;
    std::filesystem::path web;
    std::filesystem::path database;              ///< of a site in Redis this node's copy
    std::optional<store::redis_options> shared;  ///< none: the site is in `database` alone
    std::optional<listen_address> nodes;         ///< where other nodes reach this one; none: see node_listener()
    std::filesystem::path rules;
    std::vector<seeded_person> people;
    std::vector<api::configured_token> tokens;
    std::vector<runtime::channel_entry> channels;
    std::vector<mail_intake> mail;
    std::vector<mailbox> mailboxes;
    understanding_settings understanding;
    duration desk_lease = std::chrono::seconds{30};  ///< how long an agent whose desk vanished keeps its offers
    runtime::file_settings files;
    std::vector<runtime::event_subscription> events;
    std::vector<api::crm_webhook> crm_webhooks;
    std::optional<runtime::crm_lookup_settings> crm_lookup;
    runtime::caretaker_settings care;
    std::vector<std::string> trusted_hosts;  ///< of the providers' addresses in this file that are on this machine
    log::level log_level = log::level::info;
    bool log_for_people = false;
};

/// What reading gave: a configuration when nothing is wrong with it, and every problem at once.
struct read_config_result {
    std::optional<config> read;
    std::vector<settings::diagnostic> problems;
};

/// What a configuration must hold: `serve` needs all of it, `receive` its channels alone. `check` wants what `serve`
/// does, unless the file has nothing but channels: then it is an entry to copy, as those of config/channels are.
enum class config_use { serve = 1, receive, check };

read_config_result read_config(const std::filesystem::path& file, config_use use);

}  // namespace kindred::app
