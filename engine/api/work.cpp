#include "engine/api/work.hpp"

#include "engine/api/reply_body.hpp"
#include "engine/api/submit.hpp"
#include "engine/api/text_marks.hpp"
#include "engine/rules/compiled_rules.hpp"

namespace kindred::api {

namespace action = runtime::action;

void work_endpoints::snooze(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto text = body->text("until").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto until = parse_time(text);
    if (!until || *until <= site_.now().now())
        return asked->send(fail(errc::invalid, "until: wants a time to come, e.g. 2026-12-31T08:00:00Z"));
    submit_action(site_, asked, action::snooze{*until}, 200);
}

void work_endpoints::extend_wrap_up(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto text = body->text("for").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto span = parse_duration(text);
    if (!span) return asked->send(fail(errc::invalid, "for: wants a duration, e.g. 60s"));
    submit_action(site_, asked, action::extend_wrap_up{*span}, 200);
}

void work_endpoints::call_back(std::shared_ptr<call> asked) { submit_action(site_, asked, action::call_back{}, 200); }

void work_endpoints::consult(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto agent = body->text("agent").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto named = agent_named(*asked, *site_.people(), agent);
    if (!named) return asked->send(named.error());
    submit_action(site_, asked, action::consult{*named}, 200);
}

void work_endpoints::end_consult(std::shared_ptr<call> asked) {
    submit_action(site_, asked, action::end_consult{}, 200);
}

void work_endpoints::take_over(std::shared_ptr<call> asked) { submit_action(site_, asked, action::take_over{}, 200); }

void work_endpoints::mark_text(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto text = body->text("id").value_or("");
    const auto what = body->text("what").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    auto mark = mark_of(site_.rules(), text, what);
    if (!mark) return asked->send(mark.error());
    const auto ticket = asked->id<ticket_id>();
    if (!ticket) return asked->send(ticket.error());
    if (const auto row = site_.durable().ticket(*ticket); !row) return asked->send(row.error());
    mark->ticket = *ticket;
    mark->by = asked->who.agent;
    runtime::registers::row_change change;
    change.rows.push_back(to_row(*mark, site_.now().now()));
    runtime::register_change wanted{
        std::move(change), [asked](const result<std::string>& said) { asked->send(200, said); }, {}};
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void work_endpoints::merge(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto text = body->text("into").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto into = parse_id<ticket_id>(text);
    if (!into) return asked->send(fail(errc::invalid, "into: wants the id of the ticket that goes on"));
    submit_action(site_, asked, action::merge{*into}, 200);
}

void work_endpoints::set_priority(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto name = body->text("priority");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!name) return asked->send(fail(errc::invalid, "priority: wants one of the priorities of the rules"));
    submit_action(site_, asked, action::set_priority{*name}, 200);
}

void work_endpoints::set_recording(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto paused = body->yes_no("paused");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!paused) return asked->send(fail(errc::invalid, "paused: wants true or false"));
    submit_action(site_, asked, action::set_recording{*paused}, 200);
}

void work_endpoints::set_hold(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto on_hold = body->yes_no("on_hold");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!on_hold) return asked->send(fail(errc::invalid, "on_hold: wants true or false"));
    submit_action(site_, asked, action::set_hold{*on_hold}, 200);
}

void work_endpoints::test_channel(const std::shared_ptr<call>& asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    runtime::outbound_contact wanted;
    wanted.test = true;
    wanted.by = asked->who.agent;
    wanted.source = source_of(*asked);
    wanted.channel = asked->parameters["name"];
    wanted.to = body->text("to").value_or("");
    const reply_members members(*body);
    wanted.subject = body->text("subject").value_or("Test of " + wanted.channel);
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (site_.channels().find(wanted.channel) == nullptr)
        return asked->send(fail(errc::not_found, "there is no channel of this name"));
    if (wanted.to.empty()) return asked->send(fail(errc::invalid, "to: is missing: whom the message is to reach"));
    auto says = members.read(site_);
    if (!says) return asked->send(says.error());
    wanted.says = std::move(*says);
    if (wanted.says.text.empty() && wanted.says.files.empty() && !wanted.says.use_template)
        wanted.says.text = "This is a test of the channel " + wanted.channel + ". If you can read it, it works.";
    auto key = idempotency_key_of(*asked);
    if (!key) return asked->send(key.error());
    wanted.idempotency_key = std::move(*key);
    wanted.done = [asked](const result<std::string>& said) { asked->send(201, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void work_endpoints::begin(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    runtime::outbound_contact wanted;
    wanted.by = asked->who.agent;
    wanted.channel = body->text("channel").value_or("");
    wanted.to = body->text("to").value_or("");
    wanted.from = body->text("from").value_or("");
    const reply_members members(*body);
    wanted.subject = body->text("subject").value_or("");
    wanted.queue = body->text("queue").value_or("");
    const auto ticket = body->text("ticket");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (ticket) {
        const auto id = parse_id<ticket_id>(*ticket);
        if (!id) return asked->send(fail(errc::invalid, "ticket: wants the id of a resolved ticket"));
        wanted.ticket = *id;
    } else if (wanted.channel.empty() || wanted.to.empty()) {
        return asked->send(fail(errc::invalid, "channel and to: are missing (or give a resolved ticket)"));
    }
    auto says = members.read(site_);
    if (!says) return asked->send(says.error());
    wanted.says = std::move(*says);
    auto key = idempotency_key_of(*asked);
    if (!key) return asked->send(key.error());
    wanted.idempotency_key = std::move(*key);
    wanted.done = [asked](const result<std::string>& said) { asked->send(201, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void work_endpoints::dispositions(std::shared_ptr<call> asked) {
    const auto rules = site_.rules();
    json::writer out;
    out.begin_object().key("dispositions").begin_array();
    for (const auto& each : rules.compiled().work.dispositions) out.value(each);
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

}  // namespace kindred::api
