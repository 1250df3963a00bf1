#include "engine/app/front.hpp"

#include "engine/app/mail_receiver.hpp"
#include "engine/app/mailbox_reader.hpp"

#include <optional>

namespace kindred::app {
namespace {

constexpr std::chrono::milliseconds to_catch_up{5'000};

}  // namespace

front::front(runtime::site& site, runtime::ruleset_keeper& rules, const config& settings, doors& of,
             const store::open_state& kept)
    : site_(site),
      kept_(kept),
      settings_(settings),
      doors_(of),
      lookup_(lookup_of(site, settings)),
      gateway_(std::make_shared<api::gateway>(site, rules, settings.tokens, settings.public_url, of.files(),
                                              settings.crm_webhooks, lookup_)) {}

result<void> front::open(const nodes::leader& here) {
    for (const auto& each : settings_.mail) {
        const auto* via = site_.channels().find(each.channel);
        auto receiver = std::make_shared<mail_receiver>(site_, gateway_->reception(), *via);
        auto offers = doors_.identity_of(each.tls);
        if (!offers) return offers.error();
        auto listens = each.settings;
        listens.identity = *offers;
        listeners_.push_back(std::make_unique<mail::listener>(std::move(listens), std::move(receiver)));
        if (auto port = listeners_.back()->start(); !port) return port.error();
    }
    for (const auto& each : settings_.mailboxes) watch(each);
    doors_.inside().lead(here, gateway_, [gateway = gateway_.get()] { return gateway->is_ready(); });
    return {};
}

void front::leave() {
    if (has_left_) return;
    has_left_ = true;
    gateway_->stop_being_ready();
    doors_.inside().stop_leading();
    if (lookup_) lookup_->stop();
}

void front::close(std::chrono::milliseconds patience) {
    leave();
    take_no_mail(patience);
    gateway_->stop();
}

void front::close_with_doors(std::chrono::milliseconds patience) {
    gateway_->stop_being_ready();
    take_no_mail(patience);
    if (lookup_) lookup_->stop();  // what waits for the CRM is decided before the server ends
    doors_.close(patience);
    leave();
    gateway_->stop();
}

void front::take_no_mail(std::chrono::milliseconds patience) {
    for (auto& each : watches_) each->stop();
    for (auto& each : listeners_) each->stop(patience);
}

void front::watch(const mailbox& one) {
    std::optional<mail::mailbox_cursor> reached;
    for (const auto& [name, value] : kept_.settings)
        if (name == mailbox_reader::setting_of(one.channel)) reached = mail::mailbox_cursor::from_text(value);
    const auto* via = site_.channels().find(one.channel);
    auto owner = std::make_shared<mailbox_reader>(site_, gateway_->reception(), *via, reached);
    watches_.push_back(std::make_unique<mail::mailbox_watch>(one.settings, std::move(owner)));
    watches_.back()->start();
}

std::shared_ptr<runtime::crm_lookup> front::lookup_of(runtime::site& site, const config& settings) {
    if (!settings.crm_lookup) return nullptr;
    http::client_settings calls;
    calls.trusted_hosts = settings.trusted_hosts;
    return std::make_shared<runtime::crm_lookup>(
        *settings.crm_lookup, calls, [&site](runtime::delivery arrived) { return site.submit(std::move(arrived)); },
        [&site](const std::string& outcome) { site.figures().crm_lookup(outcome); });
}

arrivals::arrivals(store::shared_store& shared, api::reception_desk& into, doors& of)
    : inside_(of.inside()),
      reader_(
          shared, [&into](const auto& held, auto done) { into.take_acknowledged(held, std::move(done)); },
          of.node_figures()),
      turns_(shared, reader_) {
    // First what other nodes have said "received" to, or whoever writes again overtakes it.
    turns_.let_others_in_first(to_catch_up);
    inside_.let_in_by(&turns_);
}

arrivals::~arrivals() { leave(); }

}  // namespace kindred::app
