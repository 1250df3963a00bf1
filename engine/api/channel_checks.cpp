#include "engine/api/channel_checks.hpp"

#include "engine/base/text.hpp"
#include "engine/mail/mailbox_address.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>
#include <string>

namespace kindred::api {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t longest_said = 300;
/// For each of the five or six answers that it takes: a request is answered within thirty seconds.
constexpr std::chrono::seconds mailbox_patience{4};

enum class state { ok = 1, failed, not_asked };

std::string_view name_of(state of) {
    switch (of) {
        case state::ok: return "ok";
        case state::failed: return "failed";
        case state::not_asked: return "not_asked";
    }
    return "failed";
}

/// What came of one question.
struct checked {
    std::string asks;
    state became = state::not_asked;
    std::string said;
    unsigned status = 0;  ///< of HTTP or SMTP; 0: there was none
    std::chrono::milliseconds took{0};
};

state whole_state(const std::vector<checked>& all) {
    const auto any = [&](state wanted) {
        return std::any_of(all.begin(), all.end(), [&](const checked& each) { return each.became == wanted; });
    };
    return any(state::failed) ? state::failed : any(state::ok) ? state::ok : state::not_asked;
}

std::string to_json(const std::string& channel, const std::vector<checked>& all) {
    json::writer out;
    out.begin_object().member("channel", channel).member("state", name_of(whole_state(all)));
    out.key("checks").begin_array();
    for (const auto& each : all) {
        out.begin_object().member("asks", each.asks).member("state", name_of(each.became));
        if (each.status != 0) out.member("status", each.status);
        if (each.became != state::not_asked) out.member("took_ms", each.took.count());
        out.member_if("said", each.said).end_object();
    }
    return out.end_array().end_object().take();
}

/// What to read of a folder's server: the log-in, and that the folder is there.
result<channel::provider_answer> opened_mailbox(const channel::provider_call& wanted, const tls::stop_bell& bell) {
    mail::mailbox_settings settings;
    settings.ca_file = wanted.security.ca_file;
    mail::read_mailbox_address(wanted.url, settings);
    settings.user = wanted.user;
    settings.password = wanted.password;
    settings.token_file = wanted.security.token_file;
    settings.folder = wanted.body;
    settings.answer_within = mailbox_patience;
    auto session = mail::imap_client::log_in(settings, bell);
    if (!session) return session.error();
    const auto opened = (*session)->open_folder();
    if (!opened) return fail(opened.error().code, "the folder " + settings.folder + ": " + opened.error().message);
    (*session)->log_out();
    return channel::provider_answer{250, {}, {}};
}

}  // namespace

struct channel_check_endpoints::running {
    std::mutex mutex;
    std::set<std::string> channels;
};

struct channel_check_endpoints::progress {
    std::shared_ptr<call> asked;
    std::shared_ptr<running> among;
    const runtime::channel_entry* via = nullptr;
    std::vector<channel::checkup> wanted;
    steady::time_point begun = steady::now();
    std::mutex mutex;
    std::vector<checked> all;
    std::size_t missing = 0;
};

channel_check_endpoints::channel_check_endpoints(runtime::site& site)
    : site_(site), running_(std::make_shared<running>()) {}

channel_check_endpoints::~channel_check_endpoints() {
    bell_.ring();
    mailboxes_.stop();
}

void channel_check_endpoints::test(const std::shared_ptr<call>& asked) {
    auto whole = std::make_shared<progress>();
    whole->asked = asked;
    whole->among = running_;
    whole->via = site_.channels().find(asked->parameters["name"]);
    if (whole->via == nullptr) return asked->send(fail(errc::not_found, "there is no channel of this name"));
    {
        const std::lock_guard hold(running_->mutex);
        if (!running_->channels.insert(whole->via->name).second)
            return asked->send(fail(errc::conflict, "the channel is being tested: wait for that answer"));
    }
    whole->wanted = whole->via->works->checkups(site_.now().now());
    for (const auto& each : whole->wanted) {
        whole->all.push_back({each.asks, state::not_asked, each.why_not});
        if (each.call) ++whole->missing;
    }
    if (whole->missing == 0) return finish(whole);
    for (std::size_t i = 0; i < whole->wanted.size(); ++i) {
        const auto& call = whole->wanted[i].call;
        if (!call) continue;
        if (call->via == channel::transport::imap)
            ask_mailbox(whole, i, *call);
        else
            ask_server(whole, i, *call);
    }
}

void channel_check_endpoints::ask_server(const std::shared_ptr<progress>& whole, std::size_t at,
                                         channel::provider_call wanted) {
    const bool taken = site_.ask_provider(std::move(wanted), [whole, at](result<http::client_response> got) {
        if (!got) return settle(whole, at, got.error());
        settle(whole, at, channel::provider_answer{got->status, std::move(got->headers), std::move(got->body)});
    });
    if (!taken) settle(whole, at, fail(errc::overloaded, "too much is asked at once: try again"));
}

void channel_check_endpoints::ask_mailbox(const std::shared_ptr<progress>& whole, std::size_t at,
                                          const channel::provider_call& wanted) {
    const bool taken =
        mailboxes_.try_post([this, whole, at, wanted] { settle(whole, at, opened_mailbox(wanted, bell_)); });
    if (!taken) settle(whole, at, fail(errc::overloaded, "too much is asked at once: try again"));
}

void channel_check_endpoints::settle(const std::shared_ptr<progress>& whole, std::size_t at,
                                     const result<channel::provider_answer>& said) {
    const auto& wanted = whole->wanted[at];
    auto& into = whole->all[at];
    into.took = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - whole->begun);
    into.became = state::failed;
    if (!said) {
        into.said = said.error().message;
    } else if (wanted.call->via == channel::transport::imap) {
        into.became = state::ok;
    } else {
        const auto read = whole->via->works->read_checkup(wanted, *said);
        into.became = read.works ? state::ok : state::failed;
        into.status = said->status;
        into.said = read.said;
    }
    into.said = to_utf8(std::string_view(into.said).substr(0, longest_said));
    {
        const std::lock_guard hold(whole->mutex);
        if (--whole->missing != 0) return;
    }
    finish(whole);
}

void channel_check_endpoints::finish(const std::shared_ptr<progress>& whole) {
    {
        const std::lock_guard hold(whole->among->mutex);
        whole->among->channels.erase(whole->via->name);
    }
    whole->asked->send(http::response::json(200, to_json(whole->via->name, whole->all)));
}

}  // namespace kindred::api
