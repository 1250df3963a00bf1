#include "engine/app/serve.hpp"

#include "engine/api/gateway.hpp"
#include "engine/api/password.hpp"
#include "engine/app/certificates.hpp"
#include "engine/app/config.hpp"
#include "engine/app/folder_watch.hpp"
#include "engine/app/mail_receiver.hpp"
#include "engine/app/mailbox_reader.hpp"
#include "engine/app/models.hpp"
#include "engine/app/signals.hpp"
#include "engine/app/site_store.hpp"
#include "engine/app/starting_rules.hpp"
#include "engine/http/server.hpp"
#include "engine/runtime/people/caretaker.hpp"
#include "engine/runtime/rules/ruleset_keeper.hpp"

#include <algorithm>
#include <atomic>
#include <ostream>

namespace kindred::app {
namespace {

constexpr std::chrono::milliseconds drain_patience{20'000};

void print(const std::vector<settings::diagnostic>& problems, std::ostream& err) {
    for (const auto& each : problems) err << settings::to_text(each) << '\n';
}

/// Passwords are hashed for those people alone whom the store does not know yet: it takes 50 ms each.
std::vector<runtime::person> new_people(const config& settings, const store::open_state& kept) {
    std::vector<std::string> known;
    for (const auto& row : kept.agent_rows) known.push_back(row.login);
    std::vector<runtime::person> people;
    for (const auto& each : settings.people) {
        if (std::find(known.begin(), known.end(), each.who.login) != known.end()) continue;
        auto someone = each.who;
        if (someone.password_hash.empty() && !each.password.empty())
            someone.password_hash = api::hash_password(each.password);
        people.push_back(std::move(someone));
    }
    return people;
}

runtime::site_settings site_settings_of(const config& settings) {
    runtime::site_settings made;
    made.calls.trusted_hosts = settings.trusted_hosts;
    made.writing.lease = settings.desk_lease;
    made.files = settings.files;
    made.events = settings.events;
    made.files.folder = settings.database.string() + "-files";
    made.files.public_url = settings.public_url;
    return made;
}

/// What a node of a site that several share can tell beside what every engine does.
std::function<std::string()> figures_of(const config& settings) {
    if (!settings.shared) return {};
    return [figures = settings.shared->figures] { return figures->text(); };
}

/// Everything that listens, in the order in which it must stop.
class front {
public:
    front(runtime::site& site, runtime::ruleset_keeper& rules, const config& settings, http::static_files files,
          const store::open_state& kept)
        : site_(site),
          kept_(kept),
          settings_(settings),
          lookup_(lookup_of(site, settings)),
          gateway_(std::make_shared<api::gateway>(site, rules, settings.tokens, settings.public_url, std::move(files),
                                                  settings.crm_webhooks, lookup_)),
          server_(limits(settings), std::make_shared<api::http_metrics>(site.figures())),
          certificates_(site.figures()) {}

    result<void> open() {
        auto proof = identity_of(settings_.tls);
        if (!proof) return proof.error();
        if (auto port = server_.listen(settings_.listen.host, settings_.listen.port, gateway_, *proof); !port)
            return port.error();
        if (settings_.admin) {
            auto port = server_.listen(settings_.admin->host, settings_.admin->port,
                                       std::make_shared<api::admin_gateway>(site_, figures_of(settings_)));
            if (!port) return port.error();
        }
        for (const auto& each : settings_.mail) {
            const auto* via = site_.channels().find(each.channel);
            auto receiver = std::make_shared<mail_receiver>(site_, gateway_->reception(), *via);
            auto offers = identity_of(each.tls);
            if (!offers) return offers.error();
            auto listens = each.settings;
            listens.identity = *offers;
            listeners_.push_back(std::make_unique<mail::listener>(std::move(listens), std::move(receiver)));
            if (auto port = listeners_.back()->start(); !port) return port.error();
        }
        for (const auto& each : settings_.mailboxes) watch(each);
        // Last: whoever is told that we are ready must not find that another listener could not be had.
        server_.start();
        return {};
    }

    void close() {
        gateway_->stop_being_ready();
        for (auto& each : watches_) each->stop();
        for (auto& each : listeners_) each->stop(drain_patience);
        if (lookup_) lookup_->stop();  // what waits for the CRM is decided before the server ends
        server_.stop(drain_patience);
        gateway_->stop();
    }

    certificates& proofs() { return certificates_; }

private:
    result<std::shared_ptr<tls::server_identity>> identity_of(const std::optional<tls::certificate_files>& files) {
        if (!files) return std::shared_ptr<tls::server_identity>();
        return certificates_.of(*files);
    }

    void watch(const mailbox& one) {
        std::optional<mail::mailbox_cursor> reached;
        for (const auto& [name, value] : kept_.settings)
            if (name == mailbox_reader::setting_of(one.channel)) reached = mail::mailbox_cursor::from_text(value);
        const auto* via = site_.channels().find(one.channel);
        auto owner = std::make_shared<mailbox_reader>(site_, gateway_->reception(), *via, reached);
        watches_.push_back(std::make_unique<mail::mailbox_watch>(one.settings, std::move(owner)));
        watches_.back()->start();
    }

    static std::shared_ptr<runtime::crm_lookup> lookup_of(runtime::site& site, const config& settings) {
        if (!settings.crm_lookup) return nullptr;
        return std::make_shared<runtime::crm_lookup>(
            *settings.crm_lookup, site_settings_of(settings).calls,
            [&site](runtime::delivery arrived) { return site.submit(std::move(arrived)); },
            [&site](const std::string& outcome) { site.figures().crm_lookup(outcome); });
    }

    static http::server_settings limits(const config& settings) {
        http::server_settings made;
        made.threads = settings.threads;
        made.proxies = settings.proxies;
        return made;
    }

    runtime::site& site_;
    const store::open_state& kept_;
    const config& settings_;
    std::shared_ptr<runtime::crm_lookup> lookup_;
    std::shared_ptr<api::gateway> gateway_;
    http::server server_;
    certificates certificates_;
    std::vector<std::unique_ptr<mail::listener>> listeners_;
    std::vector<std::unique_ptr<mail::mailbox_watch>> watches_;
};

/// Nothing: another node leads now, and this one is to follow it.
std::optional<int> serve_until_told(runtime::site& site, runtime::ruleset_keeper& rules, const config& settings,
                                    const store::open_state& kept, const site_store& durable,
                                    const std::atomic<bool>& disk_broken, signal_watch& signals, std::ostream& err) {
    http::static_files files({});
    if (!settings.web.empty()) {
        auto loaded = http::static_files::load(settings.web);
        if (!loaded) {
            err << "error: " << loaded.error().message << '\n';
            return 3;
        }
        files = std::move(*loaded);
    }
    front listening(site, rules, settings, std::move(files), kept);
    if (auto opened = listening.open(); !opened) {
        err << "error: " << opened.error().message << '\n';
        return 3;
    }
    log::info("serving", {{"address", settings.listen.host + ":" + std::to_string(settings.listen.port)},
                          {"rules", site.rules().hash()}});
    runtime::caretaker care(site, settings.care);
    folder_watch watched(settings.rules);
    bool told_to_stop = false;
    while (!disk_broken && !told_to_stop && !durable.was_fenced() && !durable.should_hand_over()) {
        const auto got = signals.wait(std::chrono::milliseconds{200});
        if (got == signal_watch::told::reload)
            listening.proofs().reload();
        else
            listening.proofs().look(std::chrono::steady_clock::now());
        if (got == signal_watch::told::reload)
            print(rules.reload_folder("SIGHUP", false), err);
        else if (watched.changed(std::chrono::steady_clock::now()))
            print(rules.reload_folder("folder", true), err);
        told_to_stop = got == signal_watch::told::stop;
    }
    if (disk_broken) {
        err << "error: the disk failed a sync: stopped; the next start recovers from what is on it\n";
        return 3;
    }
    log::info("draining");
    if (told_to_stop) signals.exit_on_next_stop();
    listening.close();
    care.stop();
    site.drain(drain_patience);
    if (!told_to_stop) return std::nullopt;
    log::info("stopped");
    return 0;
}

int fail_to_run(const error& why, std::ostream& err) {
    err << "error: " << why.message << '\n';
    return 3;
}

/// Opens the store and serves as long as this node may write it.
std::optional<int> serve_once(const config& settings, signal_watch& signals, std::ostream& err) {
    auto models = load_models(settings.understanding);
    if (!models) {
        err << "error: " << models.error().message << '\n';
        return 1;
    }
    const auto durable = site_store::open(settings);
    if (!durable) return fail_to_run(durable.error(), err);
    const auto leads = durable->wait_to_lead(signals);
    if (!leads) return fail_to_run(leads.error(), err);
    if (!*leads) return 0;
    const auto kept = (**durable).load([](store::ticket_row&&) {});
    if (!kept) {
        if (durable->was_fenced()) return std::nullopt;
        return fail_to_run(kept.error(), err);
    }
    auto begin = choose_starting_rules(settings.rules, *kept);
    print(begin.problems, err);
    if (!begin.rules) return 1;
    const system_clock clock;
    std::atomic<bool> disk_broken{false};
    runtime::site_parts parts{**durable,
                              clock,
                              *begin.rules,
                              "folder",
                              begin.folder,
                              runtime::channel_directory(settings.channels),
                              new_people(settings, *kept),
                              [&disk_broken] { disk_broken = true; },
                              std::move(*models)};
    auto site = runtime::site::start(std::move(parts), site_settings_of(settings));
    if (!site) {
        if (durable->was_fenced()) return std::nullopt;
        return fail_to_run(site.error(), err);
    }
    runtime::ruleset_keeper rules(**site, settings.rules, begin.folder);
    if (begin.folder_refused) {
        rules.refused();
        log::error("the rules have errors: those of before stay in force", {{"folder", settings.rules.string()}});
    }
    return serve_until_told(**site, rules, settings, *kept, *durable, disk_broken, signals, err);
}

}  // namespace

int run_serve(const std::string& config_file, std::ostream& err) {
    signal_watch signals;  // first: every later thread inherits the blocked signals
    auto read = read_config(config_file, config_use::serve);
    print(read.problems, err);
    if (!read.read) return 1;
    const auto& settings = *read.read;
    log::configure(settings.log_level, settings.log_for_people);
    while (true) {
        if (const auto ended = serve_once(settings, signals, err)) return *ended;
        log::warn("another node leads: following it");
    }
}

}  // namespace kindred::app
