#include "engine/app/serve.hpp"

#include "engine/api/password.hpp"
#include "engine/app/compiled_rules.hpp"
#include "engine/app/config.hpp"
#include "engine/app/doors.hpp"
#include "engine/app/folder_watch.hpp"
#include "engine/app/front.hpp"
#include "engine/app/models.hpp"
#include "engine/app/signals.hpp"
#include "engine/app/site_store.hpp"
#include "engine/app/starting_rules.hpp"
#include "engine/base/digest.hpp"
#include "engine/nodes/followed_files.hpp"
#include "engine/runtime/people/caretaker.hpp"
#include "engine/runtime/process_figures.hpp"
#include "engine/runtime/rules/ruleset_keeper.hpp"

#include <algorithm>
#include <atomic>
#include <ostream>

namespace kindred::app {
namespace {

constexpr std::chrono::milliseconds drain_patience{20'000};
constexpr std::chrono::milliseconds fenced_patience{500};
constexpr std::chrono::milliseconds to_be_sent{1'000};      // before another node leads, and sends the rest
constexpr std::chrono::milliseconds to_be_followed{2'000};  // by one that is about to lead

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

nodes::leader to_leader(const store::leader& said, bool here) {
    return {said.epoch, said.node, said.address, hmac_of(hash_kind::sha256, said.site_uid, {"passes between nodes"}),
            here};
}

/// This node, once it leads.
nodes::leader leader_of(const site_store& durable) {
    if (durable.shared() == nullptr) return {0, {}, {}, {}, true};
    return to_leader(durable.shared()->current_leader(), true);
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

/// What the certificates and the rules' folder are told of a signal, and of none.
void look_at_certificates(doors& of, signal_watch::told got) {
    if (got == signal_watch::told::reload)
        of.proofs().reload();
    else
        of.proofs().look(std::chrono::steady_clock::now());
}

/// Another node leads as soon as this one has decided all that it took in; then what comes here goes there.
void hand_on(runtime::site& site, store::shared_store& shared, doors& of) {
    (void)site.finish_deciding(drain_patience);
    shared.hand_on();
    const auto next = shared.successor(to_be_followed);
    if (!next || !*next)
        return log::warn("no other node leads yet", {{"err", next ? std::string() : next.error().message}});
    log::info("another node leads", {{"leader", (*next)->node}, {"epoch", (*next)->epoch}});
    of.inside().follow(to_leader(**next, false));
}

/// Nothing: another node leads now, and this one is to follow it.
std::optional<int> serve_until_told(runtime::site& site, runtime::ruleset_keeper& rules, const config& settings,
                                    const store::open_state& kept, const site_store& durable, doors& of,
                                    const std::atomic<bool>& disk_broken, signal_watch& signals, std::ostream& err) {
    front listening(site, rules, settings, of, kept);
    // Last: whoever is told that we are ready must not find that another listener could not be had.
    auto opened = of.is_open() ? result<void>{} : of.open();
    const bool starts = opened && !durable.shared();
    std::optional<arrivals> arriving;
    if (durable.shared() != nullptr) arriving.emplace(*durable.shared(), listening.reception(), of);
    if (opened) opened = listening.open(leader_of(durable));
    if (!opened) {
        err << "error: " << opened.error().message << '\n';
        return 3;
    }
    if (starts) of.start();
    log::info("serving", {{"address", settings.listen.host + ":" + std::to_string(settings.listen.port)},
                          {"rules", site.rules().hash()}});
    runtime::caretaker care(site, settings.care);
    folder_watch watched(settings.rules);
    bool told_to_stop = false;
    while (!disk_broken && !told_to_stop && !durable.was_fenced() && !durable.should_hand_over()) {
        const auto got = signals.wait(std::chrono::milliseconds{200});
        look_at_certificates(of, got);
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
    auto* const shared = durable.shared();
    const bool hands_on = shared != nullptr && !shared->was_fenced() && shared->is_followed();
    if (told_to_stop) {
        listening.stop_being_ready();
        of.inside().can_take_in(false);
    }
    if (hands_on) {
        (void)site.settle_sending(to_be_sent);
        listening.leave();
        arriving->leave();
        hand_on(site, *shared, of);
    }
    // Who stops for good and is alone takes in until its doors are closed, and decides what it took in.
    const bool is_alone = told_to_stop && !hands_on;
    if (arriving && !is_alone) arriving->stop_reading();
    if (is_alone)
        listening.close_with_doors(drain_patience);
    else
        listening.close(drain_patience);
    if (arriving) arriving->stop_reading();
    care.stop();
    // What a node that leads no more is still sending, the next one sends: it is not waited for.
    site.drain(durable.was_fenced() ? fenced_patience : drain_patience);
    return told_to_stop ? std::optional<int>(0) : std::nullopt;
}

int fail_to_run(const error& why, std::ostream& err) {
    err << "error: " << why.message << '\n';
    return 3;
}

/// Nothing: Redis is away for the moment, and a node of a site that several share goes on when it is back.
std::optional<int> fail_or_try_again(const error& why, bool is_shared, signal_watch& signals, std::ostream& err) {
    constexpr std::chrono::milliseconds pause{200};
    if (is_shared && why.code == errc::fenced) return std::nullopt;
    // Of a node that ran, invalid is a server that is no master yet.
    const bool passes = why.code == errc::unavailable || why.code == errc::unknown || why.code == errc::timed_out ||
                        why.code == errc::invalid;
    if (!is_shared || !passes) return fail_to_run(why, err);
    log::warn("the site cannot be led yet: trying again", {{"err", why.message}});
    if (signals.wait(pause) != signal_watch::told::stop) return std::nullopt;
    return 0;
}

/// What a node does about the others while it follows one of them.
site_store::listener following(doors& of, std::optional<nodes::followed_files>& files, compiled_rules& compiled,
                               store::store& followed) {
    return {[&of, &files, &compiled, &followed](const store::leader& other) {
                of.inside().follow(to_leader(other, false));
                of.inside().can_take_in(true);
                if (files) files->look();
                compiled.look_ahead(followed);
            },
            [&of] { of.inside().can_take_in(false); },
            [&of](signal_watch::told got) { look_at_certificates(of, got); }};
}

/// Takes deliveries in for the node that leads, for as long as it lives.
class receiving {
public:
    receiving(doors& of, const std::string& public_url, const clock& now, store::store& into)
        : doors_(of),
          ingress_(of.channels(), public_url, now, *of.figures(), of.node_figures(),
                   [&into](const auto& items) { return into.ingest(items); }) {
        doors_.inside().take_in_by(&ingress_);
    }
    ~receiving() { doors_.inside().take_in_by(nullptr); }
    receiving(const receiving&) = delete;
    receiving& operator=(const receiving&) = delete;

private:
    doors& doors_;
    nodes::ingress ingress_;
};

/// Opens the store and serves as long as this node may write it. `again`: not for the first time.
std::optional<int> serve_once(const config& settings, doors& of, signal_watch& signals, bool again, std::ostream& err) {
    auto models = load_models(settings.understanding);
    if (!models) {
        err << "error: " << models.error().message << '\n';
        return 1;
    }
    const auto durable = site_store::open(settings);
    // At the start somebody is there to be told.
    if (!durable) return fail_or_try_again(durable.error(), again && settings.shared, signals, err);
    const system_clock clock;
    std::optional<receiving> in_between;
    if (durable->shared() != nullptr) in_between.emplace(of, settings.public_url, clock, **durable);
    std::optional<nodes::followed_files> files;
    if (durable->shared() != nullptr)
        files.emplace(*durable->shared(), *settings.shared->figures, clock, settings.files.sweep_every);
    compiled_rules compiled(settings.rules);
    const auto leads = durable->wait_to_lead(signals, following(of, files, compiled, **durable), again);
    if (!leads) return fail_to_run(leads.error(), err);
    if (!*leads) return 0;
    const auto kept = (**durable).load(nullptr);
    if (!kept && durable->was_fenced()) return std::nullopt;
    if (!kept) return fail_or_try_again(kept.error(), durable->shared() != nullptr, signals, err);
    auto begin = choose_starting_rules(compiled, *kept);
    print(begin.problems, err);
    if (!begin.rules) return 1;
    std::atomic<bool> disk_broken{false};
    runtime::site_parts parts{**durable,
                              clock,
                              *begin.rules,
                              "folder",
                              begin.folder,
                              runtime::channel_directory(settings.channels),
                              new_people(settings, *kept),
                              [&disk_broken] { disk_broken = true; },
                              std::move(*models),
                              durable->files()};
    auto site = runtime::site::start(std::move(parts), site_settings_of(settings));
    if (!site && durable->was_fenced()) return std::nullopt;
    if (!site) return fail_or_try_again(site.error(), durable->shared() != nullptr, signals, err);
    runtime::ruleset_keeper rules(**site, settings.rules, begin.folder);
    if (begin.folder_refused) {
        rules.refused();
        log::error("the rules have errors: those of before stay in force", {{"folder", settings.rules.string()}});
    }
    return serve_until_told(**site, rules, settings, *kept, *durable, of, disk_broken, signals, err);
}

}  // namespace

int run_serve(const std::string& config_file, std::ostream& err) {
    signal_watch signals;  // first: every later thread inherits the blocked signals
    auto read = read_config(config_file, config_use::serve);
    print(read.problems, err);
    if (!read.read) return 1;
    auto& settings = *read.read;
    log::configure(settings.log_level, settings.log_for_people);
    runtime::share_figures_in_this_process();
    const auto of = doors::make(settings);
    if (!of) return fail_to_run(of.error(), err);
    if (settings.shared) {
        if (const auto opened = (**of).open(); !opened) return fail_to_run(opened.error(), err);
        settings.shared->address = (**of).address();
        (**of).start();
    }
    for (bool again = false;; again = true) {
        if (const auto ended = serve_once(settings, **of, signals, again, err)) {
            if (*ended != 0) return *ended;
            // Last: whom the site left without an answer was told so when it went, and others are answered elsewhere.
            (**of).close(drain_patience);
            log::info("stopped");
            return 0;
        }
        log::warn("this node does not lead any more: following");
    }
}

}  // namespace kindred::app
