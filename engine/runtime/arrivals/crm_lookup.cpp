#include "engine/runtime/arrivals/crm_lookup.hpp"

#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::string_view place_of_identity = "{identity}";
constexpr std::size_t largest_answer = 64U << 10U;

/// Whom a CRM can know: the sender's CRM id, else the mail address, else the number.
std::string sender_of(const channel::record& happened) {
    using channel::record_kind;
    const auto kind = happened.kind;
    if (kind != record_kind::message && kind != record_kind::postback && kind != record_kind::call &&
        kind != record_kind::handoff)
        return {};
    for (const auto* space : {"external:", "email:", "phone:"})
        for (const auto& each : happened.identities)
            if (each.text.starts_with(space)) return each.text;
    return {};
}

}  // namespace

result<std::string> stated_in(const http::client_response& answered) {
    if (answered.status == 404) return std::string();
    if (answered.status != 200) return fail(errc::unavailable, "the CRM answered " + std::to_string(answered.status));
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return fail(errc::invalid, "the CRM's answer: " + parsed.error().message);
    const auto attributes = parsed->root()["attributes"];
    if (!attributes.is_object()) return fail(errc::invalid, "the CRM's answer has no object \"attributes\"");
    return attributes.to_text();
}

crm_lookup::crm_lookup(crm_lookup_settings settings, http::client_settings calls, std::function<bool(delivery)> pass_on,
                       std::function<void(const std::string&)> seen)
    : settings_(std::move(settings)), pass_on_(std::move(pass_on)), seen_(std::move(seen)) {
    // A client of its own: what providers keep waiting must not hold up decisions.
    calls.threads = 4;
    calls.max_waiting = settings_.most_held;
    calls.max_response_bytes = largest_answer;
    calls.connect_within = std::min(calls.connect_within, settings_.within);
    calls_ = std::make_unique<http::client>(calls);
    thread_ = std::jthread([this] { run(); });
}

crm_lookup::~crm_lookup() { stop(); }

void crm_lookup::stop() {
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    calls_->stop(std::chrono::milliseconds{0});
}

const crm_lookup::answer* crm_lookup::known(const std::string& identity) {
    const auto found = answers_.find(identity);
    if (found == answers_.end()) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second.use);
    return &found->second;
}

bool crm_lookup::take(delivery arrived) {
    const auto now = std::chrono::steady_clock::now();
    auto made = std::make_shared<held>();
    made->due = now + settings_.within;
    for (const auto& record : arrived.records) made->senders.push_back(sender_of(record));
    arrived.stated.assign(arrived.records.size(), {});
    made->arrived = std::move(arrived);
    std::vector<std::string> to_ask;
    {
        // What is passed on is passed on under the lock: nothing of one sender overtakes another.
        const std::lock_guard hold(mutex_);
        const bool has_room = waiting_.size() < settings_.most_held && !stopping_;
        for (const auto& sender : made->senders) {
            if (sender.empty()) continue;
            const auto* before = known(sender);
            if (asking_.contains(sender) && has_room) {
                made->open.push_back(sender);
            } else if (before != nullptr && now - before->at < settings_.fresh_for) {
                seen_("fresh");
            } else if (now < left_alone_until_) {
                seen_("left_alone");
            } else if (!has_room) {
                seen_("full");
            } else {
                asking_.insert(sender);
                to_ask.push_back(sender);
                made->open.push_back(sender);
            }
        }
        if (made->open.empty()) return give(*made);
        waiting_.push_back(std::move(made));
    }
    changed_.notify_all();
    for (const auto& sender : to_ask) ask(sender);
    return true;
}

bool crm_lookup::give(held& ready) {
    for (std::size_t i = 0; i < ready.senders.size(); ++i)
        if (const auto* last = known(ready.senders[i])) ready.arrived.stated[i] = last->stated;
    return pass_on_(std::move(ready.arrived));
}

void crm_lookup::ask(const std::string& identity) {
    http::http_call call;
    call.method = "GET";
    call.url = settings_.url;
    call.url.replace(call.url.find(place_of_identity), place_of_identity.size(), encode_percent(identity));
    call.headers = {{"Accept", "application/json"}};
    if (!settings_.token.empty()) call.headers.emplace_back("Authorization", "Bearer " + settings_.token);
    call.within = settings_.within;
    const bool taken = calls_->submit(
        std::move(call), [this, identity](const result<http::client_response>& got) { answered(identity, got); });
    if (!taken) answered(identity, fail(errc::overloaded, "too many look-ups"));
}

void crm_lookup::answered(const std::string& identity, const result<http::client_response>& got) {
    auto stated = got ? stated_in(*got) : got.error();
    const std::lock_guard hold(mutex_);
    seen_(stated ? "answered" : "failed");
    asking_.erase(identity);
    if (stated) {
        failed_ = 0;
        remember(identity, std::move(*stated));
    } else if (++failed_ >= settings_.failures) {
        failed_ = 0;
        left_alone_until_ = std::chrono::steady_clock::now() + settings_.left_alone_for;
        log::warn("the CRM is left alone for a while", {{"err", stated.error().message}});
    }
    for (const auto& each : waiting_) std::erase(each->open, identity);
    (void)pass_on_ready(std::chrono::steady_clock::now());
}

void crm_lookup::remember(const std::string& identity, std::string stated) {
    if (const auto found = answers_.find(identity); found != answers_.end()) {
        by_use_.erase(found->second.use);
        answers_.erase(found);
    }
    by_use_.push_front(identity);
    answers_.emplace(identity, answer{std::move(stated), std::chrono::steady_clock::now(), by_use_.begin()});
    while (answers_.size() > settings_.remembered) {
        answers_.erase(by_use_.back());
        by_use_.pop_back();
    }
}

/// Who cannot be taken in is dropped with the obligation to answer: whoever sent it gets an error, and comes back.
std::size_t crm_lookup::pass_on_ready(steady now) {
    std::size_t late = 0;
    for (auto each = waiting_.begin(); each != waiting_.end();) {
        const bool answered = (*each)->open.empty();
        if (!answered && (*each)->due > now && !stopping_) {
            ++each;
            continue;
        }
        late += answered ? 0 : 1;
        if (!give(**each)) log::warn("a contact that waited for the CRM cannot be taken in");
        each = waiting_.erase(each);
    }
    return late;
}

void crm_lookup::run() {
    std::unique_lock hold(mutex_);
    while (true) {
        // All wait equally long: the first to come is the first that is due.
        const auto next =
            waiting_.empty() ? std::chrono::steady_clock::now() + std::chrono::hours{1} : waiting_.front()->due;
        if (!stopping_) changed_.wait_until(hold, next);
        for (auto late = pass_on_ready(std::chrono::steady_clock::now()); late > 0; --late) seen_("late");
        if (stopping_) return;
    }
}

}  // namespace kindred::runtime
