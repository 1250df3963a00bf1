#include "engine/runtime/site.hpp"

#include "engine/base/log.hpp"
#include "engine/routing/plan.hpp"
#include "engine/runtime/arrivals/inquiries.hpp"
#include "engine/runtime/arrivals/waiting_room.hpp"
#include "engine/runtime/people/roster_changes.hpp"
#include "engine/runtime/rules/rules_switch.hpp"
#include "engine/runtime/sending/http_of.hpp"

namespace kindred::runtime {
namespace {

/// The largest answer is a mail, and SES takes no larger ones.
constexpr std::size_t largest_answer = 41U << 20U;

http::client_settings for_asking(http::client_settings calls) {
    calls.max_response_bytes = largest_answer;
    calls.max_waiting = inquiries::limits{}.on_their_way + inquiries::limits{}.unhurried;
    return calls;
}

}  // namespace

site::site(site_parts parts, const site_settings& settings)
    : durable_(parts.durable),
      now_(parts.now),
      channels_(std::move(parts.channels)),
      disk_is_broken_(std::move(parts.disk_is_broken)),
      published_{nullptr, parts.rules},
      // Milliseconds since 1970 rise faster than anybody's desk is sent frames: no number is ever used twice.
      desks_(static_cast<std::uint64_t>(to_millis(parts.now.now()))),
      blocking_(settings.readers, settings.reads_waiting),
      to_writer_(settings.writer_capacity),
      calls_(settings.calls),
      asking_(for_asking(settings.calls)),
      inquiries_(std::make_unique<inquiries>(
          [this](http::http_call call, http::client::done then) {
              return asking_.submit(std::move(call), std::move(then));
          },
          now_, inquiries::limits{},
          [this](const std::string& channel, std::string_view outcome) { metrics_.inquiry(channel, outcome); })),
      files_(settings.files, settings.calls, durable_, parts.files, channels_, now_,
             [this](input given) { return to_writer_.try_push(std::move(given)); }),
      events_(
          settings.events, calls_, durable_, now_,
          [this](input given) { return to_writer_.try_push(std::move(given)); },
          [this](const std::string& subscription, std::string_view outcome) { metrics_.event(subscription, outcome); }),
      outbox_(channels_, calls_, now_,
              [this](delivery_report report) { return to_writer_.try_push(input(std::move(report))); }),
      chats_([this](const std::string& channel, const std::string& visitor) {
          outbox_.visitor_arrived(channel, visitor);
      }),
      committer_(
          durable_, *this, settings.commits, [this](std::chrono::nanoseconds took) { metrics_.committed(took); },
          [this](store_health health) { changed(health); },
          // Full means that the writer has plenty to wake it.
          [this] {
              (void)to_writer_.try_push(input(store_is_idle{}));
              trim_when_due();
          }),
      writer_(
          now_,
          {to_writer_, at_hand_, [this](delivery again) { return intake_.submit(std::move(again)); },
           [this] { return durable_.commits(); }},
          committer_, metrics_,
          [this, public_url = settings.files.public_url](start_state& start) {
              auto loaded = load_world(durable_, rules(), channels_, now_.now(), start);
              if (loaded) (*loaded)->subscriptions = events_.subscriptions();
              if (loaded) (*loaded)->public_url = public_url;
              return loaded;
          },
          [this](published_state state) {
              const std::lock_guard hold(published_mutex_);
              published_ = std::move(state);
          },
          settings.writing),
      intake_(
          durable_, to_writer_, at_hand_, settings.intake_capacity, std::move(parts.understanding),
          [this] { return rules(); }, now_.now(), [this](delivery& arrived) { return files_.keep(arrived); }),
      waiting_room_(std::make_unique<waiting_room>(
          durable_, channels_, *inquiries_, now_, [this](input given) { return submit(std::move(given)); },
          [this](const std::string& channel, const outcome& became) {
              metrics_.contact(channel, name_of(became.what), became.reason);
          })) {
    outbox_.connect(chats_);
    outbox_.connect([this](channel::outgoing& message) { return files_.load(message); });
    outbox_.observe({[this](const std::string& host, circuit_state state) { metrics_.circuit(host, state); },
                     [this](const std::string& channel, std::string_view why) { metrics_.kept_back(channel, why); }});
}

site::~site() { drain(std::chrono::seconds{5}); }

result<std::unique_ptr<site>> site::start(site_parts parts, const site_settings& settings) {
    auto seed = std::move(parts.seed);
    const auto author = parts.rules_author;
    const auto folder = parts.rules_folder;
    std::unique_ptr<site> made(new site(std::move(parts), settings));
    auto started = made->writer_.start(
        [site = made.get(), seed, author, folder](step& in) { site->first_step(in, seed, author, folder); });
    if (!started) return started.error();
    made->files_.begin();
    made->events_.begin();
    made->waiting_room_->begin();
    return made;
}

void site::first_step(step& in, const std::vector<person>& seed, const std::string& author, const std::string& folder) {
    roster_change change;
    for (const auto& someone : seed)
        if (in.on().people->find(someone.login) == nullptr) change.people.push_back(someone);
    if (!change.people.empty())
        if (const auto seeded = change_roster(in, change); !seeded)
            log::error("people cannot be added", {{"err", seeded.error().message}});
    begin_with_rules(in, author, folder);
}

bool site::submit(input given) { return accepting() && intake_.submit(std::move(given)); }

std::shared_ptr<const roster> site::people() const {
    const std::lock_guard hold(published_mutex_);
    return published_.people;
}

rules::ruleset site::rules() const {
    const std::lock_guard hold(published_mutex_);
    return *published_.rules;
}

void site::publish(const desk_frame& frame) {
    // Frames for nobody in particular are for every desk.
    if (frame.agent)
        desks_.publish(frame.agent, frame.type, frame.members, now_.now());
    else
        desks_.broadcast(frame.type, frame.members, now_.now());
}

void site::trim_when_due() {
    constexpr duration keys_live = std::chrono::days{9};  // providers repeat for up to 7, DESIGN asks for at least 8
    const auto now = now_.now();
    if (now < next_trim_) return;
    const auto more = durable_.trim(now - keys_live, now);
    if (!more) log::warn("old keys cannot be deleted", {{"err", more.error().message}});
    next_trim_ = now + (more && *more ? duration{std::chrono::seconds{1}} : duration{std::chrono::minutes{10}});
}

bool site::ask_provider(channel::provider_call wanted, http::client::done then) {
    constexpr std::chrono::seconds patience{15};
    if (wanted.via == channel::transport::smtp) {
        auto call = smtp_of(std::move(wanted));
        call.within = patience;
        return asking_.submit(std::move(call), std::move(then));
    }
    auto call = http_of(std::move(wanted));
    call.within = patience;
    return asking_.submit(std::move(call), std::move(then));
}

void site::changed(store_health health) {
    health_ = health;
    if (health == store_health::broken && disk_is_broken_) disk_is_broken_();
}

bool site::settle_sending(duration patience) { return outbox_.settle(patience); }

bool site::finish_deciding(duration patience) {
    if (draining_.exchange(true)) return has_decided_all_;
    waiting_room_->stop();
    asking_.stop(std::chrono::milliseconds{0});
    intake_.stop();
    writer_.stop();
    // What it did not take any more: whoever waits for it is told before the rest of the engine goes.
    to_writer_.take_all(std::chrono::steady_clock::now()).clear();
    has_decided_all_ = committer_.settle(patience);
    if (!has_decided_all_) log::warn("stopping with a batch that the store has not taken");
    return has_decided_all_;
}

void site::drain(duration patience) {
    (void)finish_deciding(patience);
    if (drained_.exchange(true)) return;
    outbox_.stop();
    events_.stop();
    files_.stop(patience);
    calls_.stop(patience);
    committer_.stop();
    blocking_.stop();
}

}  // namespace kindred::runtime
