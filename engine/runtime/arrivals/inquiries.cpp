#include "engine/runtime/arrivals/inquiries.hpp"

#include "engine/base/log.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace kindred::runtime {
namespace {

std::string key_of(const std::string& channel, const channel::inquiry& one) { return channel + '\n' + one.key; }

channel::inquiry_answer no_answer(std::string why) { return {0, std::move(why), {}}; }

http::http_call to_http(const channel::inquiry& one) {
    http::http_call call;
    call.method = one.method;
    call.url = one.url;
    call.headers = one.headers;
    call.body = one.body;
    call.within = one.within;
    return call;
}

/// The answers to one set, until the last is there.
class gathering {
public:
    gathering(std::size_t missing, inquiries::all_done then) : missing_(missing), then_(std::move(then)) {}

    void take(const std::string& key, const channel::inquiry_answer& answer) {
        {
            const std::lock_guard hold(mutex_);
            answers_.insert_or_assign(key, answer);
            if (--missing_ != 0) return;
        }
        then_(std::move(answers_));
    }

private:
    std::mutex mutex_;
    channel::inquiry_answers answers_;
    std::size_t missing_;
    inquiries::all_done then_;
};

}  // namespace

inquiries::inquiries(caller call, const clock& now, limits most, observer hears)
    : call_(std::move(call)), now_(now), most_(most), observer_(std::move(hears)) {}

void inquiries::ask(const std::string& channel, const std::vector<channel::inquiry>& all, const all_done& then) {
    if (all.empty()) return then({});
    const auto whole = std::make_shared<gathering>(all.size(), then);
    for (const auto& each : all)
        ask_one(channel, each,
                [whole, key = each.key](const channel::inquiry_answer& answer) { whole->take(key, answer); });
}

void inquiries::ask_one(const std::string& channel, const channel::inquiry& one, done then) {
    const auto key = key_of(channel, one);
    std::optional<channel::inquiry_answer> at_once;
    std::string_view how;
    {
        const std::lock_guard hold(mutex_);
        if (const auto* answer = known(key); answer != nullptr && answer->is_fine()) {
            at_once = *answer;
            how = "remembered";
        } else if (const auto on_its_way = asked_.find(key); on_its_way != asked_.end()) {
            on_its_way->second.waiting.push_back(std::move(then));
            how = "joined";
        } else if (asked_.size() >= most_.on_their_way) {
            at_once = no_answer("too many inquiries at once");
            how = "overloaded";
        } else {
            asked_[key].waiting.push_back(std::move(then));
        }
    }
    if (!how.empty()) hear(channel, how);
    if (at_once) return then(*at_once);
    if (how.empty() && !call(channel, key, one))
        settle(channel, key, one.good_for, no_answer("too many calls at once"));
}

void inquiries::ask_at_leisure(const std::string& channel, const channel::inquiry& one, done then) {
    const auto key = key_of(channel, one);
    {
        const std::lock_guard hold(mutex_);
        const auto same = [&](const leisurely& each) { return each.channel == channel && each.what.key == one.key; };
        if (known(key) != nullptr || asked_.contains(key) || std::any_of(at_leisure_.begin(), at_leisure_.end(), same))
            return;
        if (at_leisure_.size() < most_.at_leisure) {
            at_leisure_.push_back({channel, one, std::move(then)});
            then = {};
        }
    }
    if (then) {
        hear(channel, "overloaded");
        log::warn("an inquiry is given up: too many wait", {{"channel", channel}});
        return;
    }
    go_on_at_leisure();
}

void inquiries::go_on_at_leisure() {
    while (const auto next = next_at_leisure()) {
        const auto key = key_of(next->channel, next->what);
        if (!call(next->channel, key, next->what))
            settle(next->channel, key, next->what.good_for, no_answer("too many calls at once"));
    }
}

std::optional<inquiries::leisurely> inquiries::next_at_leisure() {
    const std::lock_guard hold(mutex_);
    if (at_leisure_.empty() || unhurried_ >= most_.unhurried) return std::nullopt;
    auto next = std::move(at_leisure_.front());
    at_leisure_.pop_front();
    auto& now_asked = asked_[key_of(next.channel, next.what)];
    now_asked.waiting.push_back([then = next.then](const channel::inquiry_answer& answer) {
        if (answer.is_fine()) then(answer);
    });
    if (!now_asked.at_leisure) ++unhurried_;
    now_asked.at_leisure = true;
    return next;
}

bool inquiries::call(const std::string& channel, const std::string& key, const channel::inquiry& one) {
    const auto good_for = one.good_for;
    return call_(to_http(one), [this, channel, key, good_for](result<http::client_response> came) {
        auto answer = came ? channel::inquiry_answer{came->status, std::move(came->body), std::move(came->headers)}
                           : no_answer(came.error().message);
        settle(channel, key, good_for, std::move(answer));
        go_on_at_leisure();
    });
}

void inquiries::settle(const std::string& channel, const std::string& key, duration good_for,
                       channel::inquiry_answer answer) {
    asked over;
    {
        const std::lock_guard hold(mutex_);
        const auto found = asked_.find(key);
        if (found == asked_.end()) return;
        over = std::move(found->second);
        asked_.erase(found);
        if (over.at_leisure) --unhurried_;
        if (answer.is_fine())
            remember(key, answer, good_for);
        else if (over.at_leisure)
            remember(key, answer, std::min(good_for, most_.failures_for));
    }
    hear(channel, answer.is_fine() ? "answered" : "failed");
    if (!answer.is_fine())
        log::warn("an inquiry has no answer", {{"channel", channel},
                                               {"status", static_cast<std::int64_t>(answer.status)},
                                               {"err", answer.status == 0 ? answer.body : std::string()}});
    for (const auto& each : over.waiting) each(answer);
}

std::size_t inquiries::pending() const {
    const std::lock_guard hold(mutex_);
    return asked_.size() + at_leisure_.size();
}

const channel::inquiry_answer* inquiries::known(const std::string& key) {
    const auto found = known_.find(key);
    if (found == known_.end()) return nullptr;
    if (found->second.until > now_.now()) return &found->second.answer;
    forget(key);
    return nullptr;
}

void inquiries::remember(const std::string& key, const channel::inquiry_answer& answer, duration good_for) {
    forget(key);
    if (good_for <= duration{0} || answer.body.size() > most_.remembered_bytes) return;
    by_age_.push_back(key);
    bytes_ += answer.body.size();
    known_.emplace(key, remembered{answer, now_.now() + good_for, std::prev(by_age_.end())});
    while (known_.size() > most_.remembered || bytes_ > most_.remembered_bytes) forget(std::string(by_age_.front()));
}

void inquiries::forget(const std::string& key) {
    const auto found = known_.find(key);
    if (found == known_.end()) return;
    bytes_ -= found->second.answer.body.size();
    by_age_.erase(found->second.place);
    known_.erase(found);
}

}  // namespace kindred::runtime
