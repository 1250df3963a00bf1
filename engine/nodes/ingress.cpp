#include "engine/nodes/ingress.hpp"

#include "engine/api/front.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/log.hpp"
#include "engine/runtime/arrivals/quarantine.hpp"
#include "engine/store/redis/site_inbox.hpp"

#include <algorithm>

namespace kindred::nodes {
namespace {

constexpr std::size_t most_waiting = 8'192;
constexpr std::size_t most_body = 256U << 10U;
constexpr std::size_t most_at_once = 64;  // and with them at most 64 bodies of that size in one call
constexpr std::size_t most_bytes_at_once = 1U << 20U;

/// Of one record its own key, under which the one that leads would take it in too. The keys of several are looked at
/// when they are decided; this one keeps the same request from being brought twice.
store::unique_key key_of(const std::string& channel, const std::vector<channel::record>& records) {
    if (records.size() == 1) return {channel, records.front().event_id};
    std::string all;
    for (const auto& each : records) all.append(std::to_string(each.event_id.size())).append(":").append(each.event_id);
    const auto digest = sha256(all);
    return {channel, "several:" + to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()})};
}

result<channel::reception> receive(const runtime::channel_entry& via, const runtime::raw_request& raw, time_point now) {
    try {
        return via.works->receive(runtime::as_request(raw), now);
    } catch (const std::exception& bug) {
        return fail(errc::unknown, bug.what());
    }
}

bool is_for_the_leader(const channel::reception& said) {
    if (!said.asks.empty() || said.refused == "malformed") return true;
    if (!said.refused.empty()) return false;
    if (said.when == channel::answer_after::decision) return true;
    return said.when == channel::answer_after::nothing && !said.records.empty();
}

}  // namespace

ingress::ingress(const runtime::channel_directory& channels, std::string public_url, const clock& now,
                 runtime::metrics& contacts, nodes::figures& figures, ingest into)
    : channels_(channels),
      public_url_(std::move(public_url)),
      now_(now),
      contacts_(contacts),
      figures_(figures),
      into_(std::move(into)),
      waiting_(most_waiting),
      thread_([this] { run(); }) {}

ingress::~ingress() {
    waiting_.close();
    thread_.join();
}

bool ingress::take(const http::request& asked, const http::responder& answer) {
    if (!asked.path.starts_with("/webhooks/") || asked.body.size() > most_body) return false;
    const auto place = api::place_of(asked.path);
    const auto* via = channels_.find(place.channel);
    if (via == nullptr) return false;
    const auto began = std::chrono::steady_clock::now();
    const auto raw = raw_requests_.copy_of(asked, public_url_, place.subpath);
    const auto now = now_.now();
    const auto received = receive(*via, *raw, now);
    if (!received || is_for_the_leader(*received)) return false;
    if (!received->refused.empty()) contacts_.contact(via->name, "refused", received->refused);
    if (!received->refused.empty() || received->records.empty()) {
        answer.send(api::to_response(received->reply));
        return true;
    }
    const http::responder timed([this, answer, began](http::response sent) {
        contacts_.webhook(std::chrono::steady_clock::now() - began);
        answer.send(std::move(sent));
    });
    arrival made{{key_of(via->name, received->records), now, {}}, timed, api::to_response(received->reply), via->name};
    made.item.payload = runtime::to_row(runtime::quarantined{{}, via->name, {}, {}, now, *raw}).bytes;
    if (waiting_.try_push(made)) return true;
    figures_.ingested("not_taken");
    timed.send(api::busy());
    return true;
}

void ingress::run() {
    while (true) {
        auto all = waiting_.take_all();
        if (all.empty()) return;
        for (std::span<arrival> rest(all); !rest.empty();) {
            std::size_t count = 0;
            for (std::size_t bytes = 0; count < rest.size() && count < most_at_once; ++count) {
                bytes += rest[count].item.payload.size();
                if (count > 0 && bytes > most_bytes_at_once) break;
            }
            bring(rest.first(count));
            rest = rest.subspan(count);
        }
    }
}

void ingress::bring(std::span<arrival> some) {
    std::vector<store::inbound_item> items;
    items.reserve(some.size());
    for (auto& each : some) items.push_back(std::move(each.item));
    const auto placed = into_(items);
    if (!placed) log::warn("deliveries cannot be taken in", {{"err", placed.error().message}});
    for (std::size_t i = 0; i < some.size(); ++i) {
        if (!placed || (*placed)[i].position == store::no_room) {
            figures_.ingested("not_taken");
            some[i].answer.send(api::busy());
            continue;
        }
        const bool again = (*placed)[i].duplicate;
        figures_.ingested(again ? "duplicate" : "taken");
        if (again) contacts_.contact(some[i].channel, "duplicate", {});
        some[i].answer.send(std::move(some[i].prepared));
    }
}

}  // namespace kindred::nodes
