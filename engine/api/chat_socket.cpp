#include "engine/api/chat_socket.hpp"

#include "engine/api/chat_files.hpp"
#include "engine/api/status.hpp"
#include "engine/api/submit.hpp"
#include "engine/api/survey_pages.hpp"
#include "engine/base/digest.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t token_length = 43;  // 256 bits as base64url
constexpr std::size_t most_history = 200;
constexpr int most_frames = 30;  // in ten seconds: nobody writes faster, and typing frames are few
constexpr duration window = std::chrono::seconds{10};

bool looks_like_ours(const std::string& visitor) {
    return visitor.size() == token_length && from_base64url(visitor).has_value();
}

/// What the chat's own lines are made of.
bool is_line(std::string_view kind) {
    return kind == "contact" || kind == "reply" || kind == "survey" || kind == "survey_answer" ||
           kind == "self_service";
}

/// An answer by a button is what its visitor has clicked on; what was told on the page stays there.
std::string words_of_answer(json::value line) {
    if (line["way"].text() == "link") return {};
    const auto said = line["answers"].at(0);
    if (const auto value = said["value"].integer()) return std::to_string(*value);
    return std::string(said["text"].text());
}

void write_buttons(json::writer& out, json::value line, const std::string& page) {
    out.key("survey").begin_object();
    for (const auto name : {"choices", "low", "high"})
        if (const auto each = line[name]; each.exists()) out.key(name).raw(each.to_text());
    if (line["page"].boolean().value_or(false)) out.member_if("page", page);
    out.end_object();
}

/// `page`: the address of the survey of this ticket, where it has one.
void write_line(json::writer& out, const store::entry_row& row, ticket_id ticket, const std::string& page) {
    const auto parsed = json::document::parse(row.json);
    if (!parsed) return;
    const bool answers = row.kind == "survey_answer";
    const auto answered = answers ? words_of_answer(parsed->root()) : std::string();
    if (answers && answered.empty()) return;
    if (row.kind == "self_service" && (*parsed)["text"].text().empty()) return;  // said on a page
    const bool ours = row.kind == "reply" || row.kind == "survey";
    out.begin_object().member("number", runtime::chat_number(ticket, row.number));
    out.member("from", ours ? "agent" : "customer");
    out.member("text", answers ? std::string_view(answered) : (*parsed)["text"].text());
    if (row.kind == "survey" || (ours && (*parsed)["choices"].exists())) write_buttons(out, parsed->root(), page);
    out.member_if("name", ours ? (*parsed)["agent"]["name"].text() : std::string_view());
    if (!ours && !answers) out.member_if("id", (*parsed)["provider_message_id"].text());
    write_chat_files(out, files_of_line(row, ticket));
    out.member("at", to_rfc3339(row.at)).end_object();
}

/// The visitor's conversation so far: the newest ticket of it.
std::string history_of(runtime::site& site, const runtime::channel_entry& via, const std::string& visitor,
                       std::uint64_t after) {
    json::writer out;
    out.begin_array();
    const auto found = site.durable().conversation(via.name, "visitor:" + visitor);
    if (found && *found) {
        const auto ticket = (*found)->id;
        const auto entries = site.durable().entries(ticket, 0, 10'000);
        std::vector<const store::entry_row*> lines;
        if (entries)
            for (const auto& row : *entries)
                if (is_line(row.kind) && runtime::chat_number(ticket, row.number) > after) lines.push_back(&row);
        const auto skipped = lines.size() - std::min(lines.size(), most_history);
        const auto page = page_of_survey(site, **found);
        for (std::size_t i = skipped; i < lines.size(); ++i) write_line(out, *lines[i], ticket, page);
    }
    return out.end_array().take();
}

/// Where a new visitor's words would go: nothing is known of them yet, the rules say where that leads.
std::string queue_of_strangers(const runtime::site& site, const runtime::channel_entry& via) {
    const auto rules = site.rules();
    contact blank;
    blank.channel_name = via.name;
    blank.kind = via.kind;
    blank.received_at = site.now().now();
    const customer nobody;
    const rules::empty_board board;
    return rules.decide({blank, nobody, blank.received_at, board}).queue;
}

std::string welcome_of(runtime::site& site, const runtime::channel_entry& via, const std::string& visitor,
                       std::uint64_t after, bool open) {
    json::writer out;
    out.begin_object().member("type", "welcome").member("visitor", visitor).member("open", open);
    out.key("files").begin_object().member("most_bytes", via.policy.most_file_bytes).key("types").begin_array();
    for (const auto& each : via.policy.file_types) out.value(each);
    out.end_array().end_object();
    return out.key("history").raw(history_of(site, via, visitor, after)).end_object().take();
}

/// What a frame was refused for by the WebSocket itself; empty when it only ended.
std::string_view refusal_behind(http::close_code code) {
    switch (code) {
        case http::close_code::too_big: return "too_large";
        case http::close_code::bad_payload: return "malformed";
        case http::close_code::unknown_data: return "wrong_content_type";
        default: return {};
    }
}

}  // namespace

void chat_socket::on_open(const std::shared_ptr<http::websocket>& session) {
    session_ = session;
    opened_ = session.get();
    if (session->send(std::move(welcome_))) site_.chats().enter(via_.name, visitor_, session, coming_);
    coming_.reset();
}

bool chat_socket::too_fast() {
    const auto now = site_.now().now();
    if (window_ + window < now) {
        window_ = now;
        frames_in_window_ = 0;
    }
    return ++frames_in_window_ > most_frames;
}

void chat_socket::on_message(std::string_view text) {
    const auto session = session_.lock();
    if (!session) return;
    if (too_fast()) return session->close(http::close_code::try_again_later, "too many messages");
    if (const auto parsed = json::document::parse(text); parsed && (*parsed)["type"].text() == "typing") {
        runtime::chat_signal signal;
        signal.channel = via_.name;
        signal.conversation = "visitor:" + visitor_;
        // Busy: nobody misses a signal.
        (void)site_.submit(std::move(signal));
        return;
    }
    reception_.chat_frame(via_, visitor_, text, [weak = session_](std::string frame) {
        // A visitor who left sends the message again when he comes back: it has its id.
        if (const auto open = weak.lock(); open && !open->send(std::move(frame))) return;
    });
}

void chat_socket::on_close(http::close_code code, std::string_view) {
    site_.chats().leave(via_.name, visitor_, opened_);
    if (const auto reason = refusal_behind(code); !reason.empty())
        site_.figures().contact(via_.name, "refused", reason);
}

void open_chat(runtime::site& site, reception_desk& reception, const std::shared_ptr<call>& asked) {
    const auto* via = site.channels().find(asked->parameters["channel"]);
    if (via == nullptr || via->connector != "webchat")
        return asked->send(fail(errc::not_found, "there is no web chat of this name"));
    auto visitor = asked->query_parameter("visitor").value_or("");
    if (!looks_like_ours(visitor)) visitor = random_token();
    const auto after = parse_number(asked->query_parameter("after").value_or("")).value_or(0);
    // Calendars and what supervisors have closed: only who decides knows both.
    runtime::situation_question question{via->name, "visitor:" + visitor, {}, queue_of_strangers(site, *via)};
    question.done = [&site, &reception, via, visitor, after, asked](const channel::situation& stands) {
        const auto welcome = [&site, &reception, via, visitor, after, asked, open = stands.queue_open] {
            auto coming = site.chats().expect(via->name, visitor);
            asked->responder().accept(std::make_shared<chat_socket>(
                site, reception, *via, visitor, welcome_of(site, *via, visitor, after, open), std::move(coming)));
        };
        if (!site.blocking().try_post(welcome)) asked->send(not_taken());
    };
    if (!site.submit(std::move(question))) asked->send(not_taken());
}

}  // namespace kindred::api
