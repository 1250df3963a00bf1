#pragma once
#include "engine/http/request.hpp"
#include "engine/http/responder.hpp"
#include "engine/mail/listener.hpp"
#include "engine/runtime/arrivals/crm_lookup.hpp"
#include "engine/runtime/arrivals/quarantine.hpp"
#include "engine/runtime/arrivals/raw_requests.hpp"
#include "engine/runtime/site.hpp"

#include <map>
#include <memory>
#include <thread>

namespace kindred::api {

/// Answers calls whose decision takes too long with what their connector prepared for that case. Thread-safe.
class late_answers {
public:
    late_answers();
    ~late_answers();
    late_answers(const late_answers&) = delete;
    late_answers& operator=(const late_answers&) = delete;

    /// Sends `instead` unless `to` has been answered by then.
    void after(std::chrono::milliseconds patience, http::responder to, http::response instead);

private:
    void run();
    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<std::chrono::steady_clock::time_point, std::pair<http::responder, http::response>> due_;
    bool stopping_ = false;
    std::jthread thread_;  // last: it uses everything above
};

/// The way in: requests of providers, contacts of the centre's own systems, mails, frames of the web chat. Each goes
/// through its connector and is answered when the connector says so. Never blocks. Thread-safe.
class reception_desk {
public:
    /// `lookup`: what an outside CRM knows of senders is asked for first; null: there is none.
    reception_desk(runtime::site& site, std::string public_url, std::shared_ptr<runtime::crm_lookup> lookup)
        : site_(site), public_url_(std::move(public_url)), lookup_(std::move(lookup)) {}

    /// Whether what is called there goes through a connector: webhook() and contact().
    static bool is_about(std::string_view path);
    /// The largest body that the channel at this address takes, in bytes.
    std::size_t body_limit(const http::request& head) const;
    /// Counts one that was larger; nobody has read it.
    void too_large(const http::request& head);

    /// /webhooks/{channel}[/...]
    void webhook(const http::request& asked, const http::responder& answer);
    /// POST /api/v1/contacts; whoever calls has checked the token.
    void contact(const http::request& asked, const http::responder& answer);
    /// A mail that a listener took; answered once it is durable.
    void mail(const runtime::channel_entry& via, mail::message arrived, const mail::acknowledgement& done);
    /// A frame of a visitor's chat; `done` gets the JSON of the acknowledgement or refusal.
    void chat_frame(const runtime::channel_entry& via, const std::string& visitor, std::string_view frame,
                    const std::function<void(std::string)>& done);

    /// What another node took in and acknowledged. `done` runs once: true when it is decided, or was before, or is in
    /// quarantine; false when it has to be brought again.
    void take_acknowledged(const runtime::quarantined& held, std::function<void(bool)> done);

private:
    bool bring(runtime::delivery given) {
        return lookup_ ? lookup_->take(std::move(given)) : site_.submit(std::move(given));
    }
    void count(const runtime::channel_entry& via, const std::vector<runtime::outcome>& outcomes);
    result<channel::reception> receive(const runtime::channel_entry& via, const runtime::raw_request& raw);
    /// Keeps what a connector cannot take in because of a bug, or of its shape.
    result<channel::reception> note_trouble(const runtime::channel_entry& via, const runtime::raw_request& raw,
                                            result<channel::reception> said);
    void find_out(const runtime::channel_entry& via, channel::reception received, const http::responder& answer,
                  const std::shared_ptr<const runtime::raw_request>& raw);
    void let_wait(const runtime::channel_entry& via, const channel::reception& received, const http::responder& answer,
                  const std::shared_ptr<const runtime::raw_request>& raw);
    void put_in_quarantine(const runtime::channel_entry& via, const runtime::raw_request& raw, std::string reason,
                           std::string detail);
    void take(const runtime::channel_entry& via, channel::reception received, const http::responder& answer,
              std::shared_ptr<const runtime::raw_request> raw);
    void ask_about_call(const runtime::channel_entry& via, channel::reception received, const http::responder& answer);

    runtime::site& site_;
    std::string public_url_;
    runtime::raw_requests raw_requests_;
    std::shared_ptr<runtime::crm_lookup> lookup_;
    late_answers late_;
};

}  // namespace kindred::api
