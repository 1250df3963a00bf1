#include "engine/api/webhooks.hpp"

#include "engine/api/chat_files.hpp"
#include "engine/api/front.hpp"
#include "engine/api/status.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/card_numbers.hpp"
#include "engine/channel/request_size.hpp"
#include "engine/runtime/arrivals/asking_reader.hpp"
#include "engine/runtime/arrivals/introductions.hpp"
#include "engine/runtime/arrivals/quarantine.hpp"
#include "engine/runtime/arrivals/waiting_room.hpp"

namespace kindred::api {
namespace {

using runtime::outcome;

constexpr std::string_view webhooks_path = "/webhooks/";
constexpr std::string_view contacts_path = "/api/v1/contacts";
constexpr std::chrono::milliseconds call_patience{3'000};  // Twilio waits 15 s, Vonage 5 s

bool any_refused(const std::vector<outcome>& outcomes) {
    for (const auto& each : outcomes)
        if (each.what == outcome::state::refused) return true;
    return false;
}

std::vector<channel::header> headers_of(const http::request& asked) {
    std::vector<channel::header> made;
    made.reserve(asked.headers.size());
    for (const auto& each : asked.headers) made.emplace_back(each.name, each.value);
    return made;
}

/// The channel that a contact names; empty when it names none (or is not readable: its connector says why).
std::string channel_named_in(std::string_view body) {
    const auto parsed = json::document::parse(body);
    return parsed ? std::string((*parsed)["channel"]["name"].text()) : std::string();
}

const runtime::channel_entry* api_channel(const runtime::channel_directory& channels, const std::string& named) {
    for (const auto& each : channels.all())
        if (each.connector == "api" && (named.empty() || each.name == named)) return &each;
    return nullptr;
}

}  // namespace

webhook_place place_of(std::string_view path) {
    const auto rest = path.substr(webhooks_path.size());
    const auto slash = std::min(rest.find('/'), rest.size());
    return {decode_percent(rest.substr(0, slash)), rest.substr(slash)};
}

http::response to_response(const channel::answer& given) {
    if (given.body.empty() && given.status == 204) return http::response::empty(204);
    http::response made(given.status, given.body, given.content_type);
    for (const auto& [name, value] : given.headers) made.header(name, value);
    return made;
}

http::response busy() { return problem(errc::overloaded, "this cannot be taken in now: try again"); }

const runtime::channel_entry* channel_at(const runtime::channel_directory& channels, std::string_view path) {
    if (path == contacts_path) return api_channel(channels, {});
    return channels.find(place_of(path).channel);
}

late_answers::late_answers() : thread_([this] { run(); }) {}

late_answers::~late_answers() {
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
}

void late_answers::after(std::chrono::milliseconds patience, http::responder to, http::response instead) {
    {
        const std::lock_guard hold(mutex_);
        due_.emplace(std::chrono::steady_clock::now() + patience, std::pair(std::move(to), std::move(instead)));
    }
    changed_.notify_all();
}

void late_answers::run() {
    std::unique_lock hold(mutex_);
    while (!stopping_) {
        const auto next = due_.empty() ? std::chrono::steady_clock::now() + std::chrono::hours{1} : due_.begin()->first;
        changed_.wait_until(hold, next);
        while (!stopping_ && !due_.empty() && due_.begin()->first <= std::chrono::steady_clock::now()) {
            auto late = std::move(due_.begin()->second);
            due_.erase(due_.begin());
            hold.unlock();
            late.first.send(std::move(late.second));
            hold.lock();
        }
    }
}

bool reception_desk::is_about(std::string_view path) {
    return path.starts_with(webhooks_path) || path == contacts_path;
}

std::size_t reception_desk::body_limit(const http::request& head) const { return most_body(site_.channels(), head); }

void reception_desk::too_large(const http::request& head) {
    const auto* via = channel_at(site_.channels(), head.path);
    site_.figures().contact(via == nullptr ? "unknown" : via->name, "refused", channel::refuse_too_large().refused);
}

void reception_desk::webhook(const http::request& asked, const http::responder& answer) {
    const auto began = std::chrono::steady_clock::now();
    const auto [name, subpath] = place_of(asked.path);
    const auto* via = site_.channels().find(name);
    if (via == nullptr) {
        site_.figures().contact("unknown", "refused", "unknown_channel");
        return answer.send(problem(errc::not_found, "there is no channel of this name"));
    }
    auto raw = raw_requests_.copy_of(asked, public_url_, subpath);
    const http::responder timed([this, answer, began](http::response sent) {
        site_.figures().webhook(std::chrono::steady_clock::now() - began);
        answer.send(std::move(sent));
    });
    auto received = receive(*via, *raw);
    if (!received) return timed.send(problem(received.error()));
    if (!received->asks.empty()) return find_out(*via, std::move(*received), timed, raw);
    take(*via, std::move(*received), timed, std::move(raw));
}

/// Nobody waits on a thread for what is asked elsewhere.
void reception_desk::find_out(const runtime::channel_entry& via, channel::reception received,
                              const http::responder& answer, const std::shared_ptr<const runtime::raw_request>& raw) {
    const runtime::reading what{&via, raw, site_.now().now(), true};
    runtime::read_on(site_.asking(), site_.now(), what, std::move(received),
                     [this, &via, answer, raw](result<channel::reception> said) {
                         if (said && !said->asks.empty()) return let_wait(via, *said, answer, raw);
                         auto understood = note_trouble(via, *raw, std::move(said));
                         if (!understood) return answer.send(problem(understood.error()));
                         take(via, std::move(*understood), answer, raw);
                     });
}

void reception_desk::let_wait(const runtime::channel_entry& via, const channel::reception& received,
                              const http::responder& answer, const std::shared_ptr<const runtime::raw_request>& raw) {
    site_.waiting().keep(via, raw, [this, &via, answer, prepared = to_response(received.reply)](bool kept) {
        if (kept) return answer.send(prepared);
        site_.figures().contact(via.name, "refused", "overloaded");
        answer.send(busy());
    });
}

result<channel::reception> reception_desk::receive(const runtime::channel_entry& via, const runtime::raw_request& raw) {
    const auto now = site_.now().now();
    try {
        return note_trouble(via, raw, via.works->receive(runtime::as_request(raw), now));
    } catch (const std::exception& bug) {
        return note_trouble(via, raw, fail(errc::unknown, "the " + via.connector + " connector failed: " + bug.what()));
    }
}

/// A bug in a connector costs one request, not the engine: what it choked on is kept. It is not acknowledged, for
/// nothing is known of who sent it; what arrives again is in quarantine already.
result<channel::reception> reception_desk::note_trouble(const runtime::channel_entry& via,
                                                        const runtime::raw_request& raw,
                                                        result<channel::reception> said) {
    const bool fits = runtime::fits_quarantine(raw.body);
    if (!said) {
        log::error("a connector failed", {{"channel", via.name}, {"err", said.error().message}});
        if (!fits) {
            // Not 413, which says "never again": the provider keeps it, and brings it until the bug is mended.
            site_.figures().contact(via.name, "refused", "bug_not_kept");
            return fail(errc::overloaded, said.error().message + runtime::why_not_in_quarantine(raw.body));
        }
        put_in_quarantine(via, raw, "bug", said.error().message);
        site_.figures().contact(via.name, "quarantined", "bug");
    } else if (said->refused == "malformed" && fits) {
        put_in_quarantine(via, raw, "malformed", said->reply.body);
    } else if (said->refused == "malformed") {
        said->refused = "malformed_not_kept";
        said->reply.body += runtime::why_not_in_quarantine(raw.body);
        log::warn("a request that cannot be read is too large to be kept",
                  {{"channel", via.name}, {"bytes", raw.body.size()}});
    }
    return said;
}

void reception_desk::put_in_quarantine(const runtime::channel_entry& via, const runtime::raw_request& raw,
                                       std::string reason, std::string detail) {
    const auto row = runtime::to_row(
        runtime::quarantined{{}, via.name, std::move(reason), std::move(detail), site_.now().now(), raw});
    runtime::register_change kept{runtime::registers::quarantine_add{row, via.name}, [](const auto&) {}};
    (void)site_.submit(std::move(kept));  // an engine that is full keeps no more of what it cannot read
}

void reception_desk::contact(const http::request& asked, const http::responder& answer) {
    const auto named = channel_named_in(asked.body);
    const auto* via = api_channel(site_.channels(), named);
    if (via == nullptr && !named.empty())
        return answer.send(problem(errc::invalid, "channel.name: there is no API channel \"" + named + "\""));
    if (via == nullptr) return answer.send(problem(errc::not_found, "no channel with connector: api is configured"));
    auto raw = std::make_shared<runtime::raw_request>();
    raw->method = asked.method;
    raw->url = public_url_;
    raw->headers = headers_of(asked);
    raw->body = asked.body;
    raw->authenticated = true;
    auto received = via->works->receive(runtime::as_request(*raw), site_.now().now());
    if (!received.refused.empty()) {
        site_.figures().contact(via->name, "refused", received.refused);
        const auto code = received.reply.status == 413 ? errc::too_large : errc::invalid;
        return answer.send(problem(code, received.reply.body.empty() ? received.refused : received.reply.body));
    }
    runtime::delivery given{via, std::move(received.records), {}, {}, {}, std::move(raw)};
    given.done = [this, via, answer](std::vector<outcome> outcomes) {
        count(*via, outcomes);
        if (outcomes.empty() || any_refused(outcomes)) return answer.send(busy());
        const auto& first = outcomes.front();
        if (first.what == outcome::state::quarantined)
            return answer.send(http::response::json(202, R"({"quarantined":true})"));
        if (first.what == outcome::state::ignored)
            return answer.send(problem(errc::forbidden, "not taken in: " + first.reason));
        json::writer out;
        out.begin_object()
            .member("ticket", to_string(first.ticket))
            .member("duplicate", first.what == outcome::state::duplicate);
        if (first.entry != 0) out.member("entry", first.entry);
        out.member_if("queue", first.now.queue).end_object();
        answer.send(http::response::json(202, out.take()));
    };
    if (!bring(std::move(given))) answer.send(busy());
}

void reception_desk::count(const runtime::channel_entry& via, const std::vector<outcome>& outcomes) {
    for (const auto& each : outcomes) site_.figures().contact(via.name, runtime::name_of(each.what), each.reason);
}

void reception_desk::take(const runtime::channel_entry& via, channel::reception received, const http::responder& answer,
                          std::shared_ptr<const runtime::raw_request> raw) {
    if (!received.refused.empty()) {
        site_.figures().contact(via.name, "refused", received.refused);
        return answer.send(to_response(received.reply));
    }
    if (received.when == channel::answer_after::nothing) return ask_about_call(via, std::move(received), answer);
    if (received.records.empty()) return answer.send(to_response(received.reply));

    const bool by_decision = received.when == channel::answer_after::decision;
    auto prepared = to_response(received.reply);
    std::optional<channel::record> about;
    if (by_decision) {
        about = received.records.front();
        late_.after(call_patience, answer, prepared);
    }
    auto strangers = runtime::strangers_in(via, received.records);
    runtime::delivery given{&via, std::move(received.records), {}, {}, {}, std::move(raw)};
    given.done = [this, &via, answer, prepared = std::move(prepared), about = std::move(about),
                  strangers = std::move(strangers)](const std::vector<outcome>& outcomes) mutable {
        count(via, outcomes);
        runtime::introduce(site_.asking(), via, strangers, outcomes,
                           [this](runtime::input known) { return site_.submit(std::move(known)); });
        if (any_refused(outcomes)) return answer.send(busy());
        if (about && !outcomes.empty())
            return answer.send(to_response(via.works->answer_for(*about, outcomes.front().now)));
        answer.send(std::move(prepared));
    };
    if (bring(std::move(given))) return;
    site_.figures().contact(via.name, "refused", "overloaded");
    answer.send(busy());
}

void reception_desk::ask_about_call(const runtime::channel_entry& via, channel::reception received,
                                    const http::responder& answer) {
    auto prepared = to_response(received.reply);
    const bool asks = !received.records.empty() && (received.records.front().kind == channel::record_kind::queue_wait ||
                                                    received.records.front().kind == channel::record_kind::ivr_input);
    for (const auto& each : received.records)
        if (!each.ignored_because.empty()) site_.figures().contact(via.name, "ignored", each.ignored_because);
    if (!asks) return answer.send(std::move(prepared));
    late_.after(call_patience, answer, prepared);
    auto about = std::move(received.records.front());
    runtime::situation_question question{via.name, about.conversation, {}};
    question.done = [&via, answer, about = std::move(about)](const channel::situation& stands) {
        answer.send(to_response(via.works->answer_for(about, stands)));
    };
    if (!site_.submit(std::move(question))) answer.send(std::move(prepared));
}

void reception_desk::mail(const runtime::channel_entry& via, mail::message arrived, const mail::acknowledgement& done) {
    auto raw = std::make_shared<runtime::raw_request>();
    raw->body = std::move(arrived.content);
    raw->envelope_from = arrived.from;
    raw->envelope_to = arrived.recipients;
    auto received = via.works->receive(runtime::as_request(*raw), site_.now().now());
    if (!received.refused.empty()) {
        site_.figures().contact(via.name, "refused", received.refused);
        return done.send(mail::reply{received.reply.status, received.reply.body});
    }
    const mail::reply again{451, "4.3.0 not taken now, try again"};
    runtime::delivery taken{&via, std::move(received.records), {}, {}, {}, std::move(raw)};
    taken.done = [this, &via, done, again](const std::vector<outcome>& outcomes) {
        count(via, outcomes);
        done.send(any_refused(outcomes) ? again : mail::reply{250, "2.0.0 taken"});
    };
    if (!bring(std::move(taken))) done.send(again);
}

void reception_desk::chat_frame(const runtime::channel_entry& via, const std::string& visitor, std::string_view frame,
                                const std::function<void(std::string)>& done) {
    std::string id;
    if (const auto parsed = json::document::parse(frame)) id = (*parsed)["id"].text();
    const auto refusal = [id](std::string_view reason) {
        json::writer out;
        out.begin_object().member("type", "refused").member("id", id).member("reason", reason).end_object();
        return out.take();
    };
    auto raw = std::make_shared<runtime::raw_request>();
    raw->body = frame;
    raw->session = visitor;
    auto received = via.works->receive(runtime::as_request(*raw), site_.now().now());
    if (!received.refused.empty()) {
        site_.figures().contact(via.name, "refused", received.refused);
        return done(refusal(received.reply.body.empty() ? received.refused : received.reply.body));
    }
    if (received.when == channel::answer_after::nothing || received.records.empty()) return;
    // Every window shows what is kept, the one that it was written in as well.
    auto& happened = received.records.front();
    const bool masked = channel::mask_card_numbers(happened);
    std::string said = happened.text.value_or("");
    std::vector<chat_file> files;
    for (const auto& each : happened.attachments) files.push_back({{}, each.name, each.type, each.size});
    runtime::delivery taken{&via, std::move(received.records), {}, {}, {}, std::move(raw)};
    taken.done = [this, &via, visitor, done, id, said = std::move(said), files = std::move(files), masked,
                  refusal](const std::vector<outcome>& outcomes) {
        count(via, outcomes);
        if (id.empty()) return;  // a read mark: nobody waits for an answer
        if (outcomes.empty() || any_refused(outcomes)) return done(refusal("busy"));
        const auto& first = outcomes.front();
        const auto number = runtime::chat_number(first.ticket, first.entry);
        auto shown = files;
        for (std::size_t i = 0; i < shown.size(); ++i) shown[i].id = runtime::file_id(first.ticket, first.entry, i + 1);
        json::writer out;
        out.begin_object().member("type", "ack").member("id", id).member("number", number);
        if (masked) out.member("text", said);
        // A queue may have closed since the window was opened: then it asks for an address.
        if (first.what == outcome::state::accepted) out.member("open", first.now.queue_open);
        write_chat_files(out, shown);
        done(out.end_object().take());
        if (first.what != outcome::state::accepted) return;
        // The visitor may have the chat open in more than one window.
        json::writer line;
        line.begin_object().member("type", "own").member("from", "customer").member("id", id);
        line.member("number", number).member("text", said);
        write_chat_files(line, shown);
        line.member("at", to_rfc3339(site_.now().now())).end_object();
        (void)site_.chats().push(via.name, visitor, std::make_shared<const std::string>(line.take()));
    };
    if (!bring(std::move(taken))) done(refusal("busy"));
}

}  // namespace kindred::api
