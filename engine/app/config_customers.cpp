#include "engine/app/config_customers.hpp"

#include "engine/app/config_channels.hpp"
#include "engine/app/config_secrets.hpp"
#include "engine/channel/standard_webhook.hpp"

namespace kindred::app {
namespace {

constexpr duration longest = std::chrono::days{36'500};

void read_webhook(const settings::field& given, const std::filesystem::path& folder, config& into) {
    auto section = given.as_section();
    api::crm_webhook made;
    made.name = section.require("name").text_not_empty().value_or("");
    section.read("tolerance", made.tolerance, std::chrono::seconds{1}, std::chrono::hours{1});
    if (auto secrets = read_secrets(section.require("secret"), folder))
        made.secrets = webhook_keys_of(*secrets, section.at("secret"));
    section.finish();
    if (made.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") != std::string::npos)
        section.at("name").error("wants a-z, 0-9, - and _");
    for (const auto& each : into.crm_webhooks)
        if (each.name == made.name) section.at("name").error("there is another webhook \"" + made.name + '"');
    into.crm_webhooks.push_back(std::move(made));
}

void read_lookup(const settings::field& given, const std::filesystem::path& folder, config& into) {
    if (!given.present()) return;
    auto section = given.as_section();
    runtime::crm_lookup_settings made;
    made.url = section.require("url").text_not_empty().value_or("");
    if (auto tokens = read_secrets(section.at("token"), folder); tokens && !tokens->empty())
        made.token = tokens->front();
    duration within = made.within;
    duration fresh_for = made.fresh_for;
    duration left_alone_for = made.left_alone_for;
    int failures = static_cast<int>(made.failures);
    section.read("within", within, std::chrono::milliseconds{10}, std::chrono::seconds{10});
    section.read("fresh_for", fresh_for, duration{0}, std::chrono::days{30});
    section.read("failures", failures, 1, 1'000);
    section.read("left_alone_for", left_alone_for, std::chrono::milliseconds{100}, std::chrono::hours{1});
    section.finish();
    made.within = within;
    made.fresh_for = fresh_for;
    made.left_alone_for = left_alone_for;
    made.failures = static_cast<unsigned>(failures);
    const auto scheme = made.url.find("://");
    const auto host_ends = scheme == std::string::npos ? scheme : made.url.find('/', scheme + 3);
    const auto place = made.url.find("{identity}");
    const bool fits = (made.url.starts_with("https://") || made.url.starts_with("http://")) &&
                      host_ends != std::string::npos && place != std::string::npos && place > host_ends;
    if (!fits)
        section.at("url").error("wants an address such as https://crm.example.com/customers?identity={identity}");
    trust_host_of(made.url, into);
    into.crm_lookup = std::move(made);
}

}  // namespace

std::vector<std::string> webhook_keys_of(const std::vector<std::string>& secrets, const settings::field& given) {
    std::vector<std::string> keys;
    for (const auto& each : secrets) {
        auto key = channel::standard_webhook_secret(each);
        if (key)
            keys.push_back(std::move(*key));
        else
            given.error("secret: wants whsec_ and base64 of 24 to 64 random bytes");
    }
    return keys;
}

void read_crm(const settings::field& given, const std::filesystem::path& folder, config& into) {
    settings::section crm(given);
    for (const auto& each : crm.at("webhooks").list()) read_webhook(each, folder, into);
    read_lookup(crm.at("lookup"), folder, into);
    crm.finish();
}

void read_retention(const settings::field& given, config& into) {
    settings::section section(given);
    auto& keep = into.care.keep;
    const auto read = [&](const char* key, std::optional<duration>& kept) {
        duration span{};
        if (!section.at(key).present()) return;
        section.read(key, span, std::chrono::seconds{1}, longest);
        kept = span;
    };
    read("closed_tickets", keep.closed_tickets);
    read("contact_texts", keep.contact_texts);
    read("journeys", keep.journeys);
    read("audit", keep.audit);
    read("customers", keep.customers);
    read("attachments", keep.attachments);
    section.read("every", into.care.retention_every, std::chrono::seconds{1}, std::chrono::days{7});
    section.finish();
}

void read_joins(const settings::field& given, config& into) {
    settings::section section(given);
    section.read("propose_joins_every", into.care.joins_every, std::chrono::seconds{1}, std::chrono::days{7});
    section.finish();
}

}  // namespace kindred::app
