#include "engine/app/serve.hpp"

#include "engine/api/gateway.hpp"
#include "engine/api/password.hpp"
#include "engine/app/config.hpp"
#include "engine/app/mail_receiver.hpp"
#include "engine/app/signals.hpp"
#include "engine/http/server.hpp"
#include "engine/store/sqlite/sqlite.hpp"

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
result<std::vector<runtime::person>> new_people(const config& settings, store::store& durable) {
    std::vector<std::string> known;
    auto open = durable.load([](store::ticket_row&&) {});
    if (!open) return open.error();
    for (const auto& row : open->agent_rows) known.push_back(row.login);
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
    return made;
}

/// Everything that listens, in the order in which it must stop.
class front {
public:
    front(runtime::site& site, const config& settings, http::static_files files)
        : site_(site),
          settings_(settings),
          gateway_(std::make_shared<api::gateway>(site, settings.tokens, settings.public_url, std::move(files))),
          server_(limits(settings), std::make_shared<api::http_metrics>(site.figures())) {}

    result<void> open() {
        if (auto port = server_.listen(settings_.listen.host, settings_.listen.port, gateway_); !port)
            return port.error();
        if (settings_.admin) {
            auto port = server_.listen(settings_.admin->host, settings_.admin->port,
                                       std::make_shared<api::admin_gateway>(site_));
            if (!port) return port.error();
        }
        server_.start();
        for (const auto& each : settings_.mail) {
            const auto* via = site_.channels().find(each.channel);
            auto receiver = std::make_shared<mail_receiver>(site_, gateway_->reception(), *via);
            listeners_.push_back(std::make_unique<mail::listener>(each.settings, std::move(receiver)));
            if (auto port = listeners_.back()->start(); !port) return port.error();
        }
        return {};
    }

    void close() {
        gateway_->stop_being_ready();
        for (auto& each : listeners_) each->stop(drain_patience);
        server_.stop(drain_patience);
        gateway_->stop();
    }

private:
    static http::server_settings limits(const config& settings) {
        http::server_settings made;
        made.threads = settings.threads;
        return made;
    }

    runtime::site& site_;
    const config& settings_;
    std::shared_ptr<api::gateway> gateway_;
    http::server server_;
    std::vector<std::unique_ptr<mail::listener>> listeners_;
};

/// Loads the rules folder again; what is wrong with it changes nothing.
void reload_rules(runtime::site& site, const config& settings, std::ostream& err) {
    auto again = rules::load_folder(settings.rules);
    print(again.problems, err);
    if (!again.rules) {
        site.figures().rules_refused();
        log::error("the rules have errors: the active ones stay", {{"folder", settings.rules.string()}});
        return;
    }
    runtime::rules_change change{
        *again.rules, "SIGHUP", [](const result<std::string>& active) {
            if (active)
                log::info("rules are active", {{"hash", *active}});
            else
                log::error("the rules could not be activated", {{"err", active.error().message}});
        }};
    if (!site.submit(std::move(change))) log::error("the rules could not be activated: the engine is busy");
}

int serve_until_told(runtime::site& site, const config& settings, const std::atomic<bool>& disk_broken,
                     signal_watch& signals, std::ostream& err) {
    http::static_files files({});
    if (!settings.web.empty()) {
        auto loaded = http::static_files::load(settings.web);
        if (!loaded) {
            err << "error: " << loaded.error().message << '\n';
            return 3;
        }
        files = std::move(*loaded);
    }
    front listening(site, settings, std::move(files));
    if (auto opened = listening.open(); !opened) {
        err << "error: " << opened.error().message << '\n';
        return 3;
    }
    log::info("serving", {{"address", settings.listen.host + ":" + std::to_string(settings.listen.port)},
                          {"rules", site.rules().hash()}});
    while (!disk_broken) {
        const auto got = signals.wait(std::chrono::milliseconds{200});
        if (got == signal_watch::told::reload) reload_rules(site, settings, err);
        if (got == signal_watch::told::stop) break;
    }
    if (disk_broken) {
        err << "error: the disk failed a sync: stopped; the next start recovers from what is on it\n";
        return 3;
    }
    log::info("draining");
    signals.exit_on_next_stop();
    listening.close();
    site.drain(drain_patience);
    log::info("stopped");
    return 0;
}

}  // namespace

int run_serve(const std::string& config_file, std::ostream& err) {
    signal_watch signals;  // first: every later thread inherits the blocked signals
    auto read = read_config(config_file, config_use::serve);
    print(read.problems, err);
    if (!read.read) return 1;
    const auto& settings = *read.read;
    log::configure(settings.log_level, settings.log_for_people);
    auto compiled = rules::load_folder(settings.rules);
    print(compiled.problems, err);
    if (!compiled.rules) return 1;
    store::sqlite_options where;
    where.path = settings.database.string();
    auto durable = store::open_sqlite(where);
    if (!durable) {
        err << "error: " << durable.error().message << '\n';
        return 3;
    }
    auto people = new_people(settings, **durable);
    if (!people) {
        err << "error: " << people.error().message << '\n';
        return 3;
    }
    const system_clock clock;
    std::atomic<bool> disk_broken{false};
    runtime::site_parts parts{**durable,
                              clock,
                              *compiled.rules,
                              "folder",
                              runtime::channel_directory(settings.channels),
                              std::move(*people),
                              [&disk_broken] { disk_broken = true; }};
    auto site = runtime::site::start(std::move(parts), site_settings_of(settings));
    if (!site) {
        err << "error: " << site.error().message << '\n';
        return 3;
    }
    return serve_until_told(**site, settings, disk_broken, signals, err);
}

}  // namespace kindred::app
