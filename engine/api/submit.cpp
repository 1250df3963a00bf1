#include "engine/api/submit.hpp"

namespace kindred::api {
namespace {

constexpr std::size_t longest_key = 200;

}  // namespace

error not_taken() { return fail(errc::overloaded, "this cannot be taken in now: try again"); }

result<agent_id> agent_named(const call& asked, const runtime::roster& people, const std::string& text) {
    if (text == "me") return asked.who.agent;
    if (const auto* someone = people.find(text)) return someone->id;
    const auto id = parse_id<agent_id>(text);
    if (id && people.find(*id) != nullptr) return *id;
    return fail(errc::invalid, "agent: there is nobody of that id or login");
}

result<std::string> idempotency_key_of(const call& asked) {
    const auto key = asked.header("idempotency-key");
    if (key.size() > longest_key) return fail(errc::invalid, "Idempotency-Key: at most 200 bytes");
    return std::string(key);
}

std::string source_of(const call& asked) {
    const bool by_agent = static_cast<bool>(asked.who.agent);
    return (by_agent ? "agent:" : "crm:") + asked.who.name;
}

void submit_customer_change(runtime::site& site, const std::shared_ptr<call>& asked,
                            decltype(runtime::customer_change::what) what, unsigned success) {
    const auto id = asked->id<customer_id>();
    if (!id) return asked->send(id.error());
    auto key = idempotency_key_of(*asked);
    if (!key) return asked->send(key.error());
    runtime::customer_change wanted;
    wanted.customer = *id;
    wanted.what = std::move(what);
    wanted.source = source_of(*asked);
    wanted.idempotency_key = std::move(*key);
    wanted.done = [asked, success](const result<std::string>& said) { asked->send(success, said); };
    if (!site.submit(std::move(wanted))) asked->send(not_taken());
}

void submit_action(runtime::site& site, const std::shared_ptr<call>& asked, decltype(runtime::ticket_action::what) what,
                   unsigned success) {
    const auto id = asked->id<ticket_id>();
    if (!id) return asked->send(id.error());
    auto key = idempotency_key_of(*asked);
    if (!key) return asked->send(key.error());
    runtime::ticket_action wanted;
    wanted.by = asked->who.agent;
    wanted.may = asked->who.may;
    wanted.by_name = asked->who.name;
    wanted.ticket = *id;
    wanted.idempotency_key = std::move(*key);
    wanted.what = std::move(what);
    wanted.done = [asked, success](const result<std::string>& said) { asked->send(success, said); };
    if (!site.submit(std::move(wanted))) asked->send(not_taken());
}

void note_and_send(runtime::site& site, const std::shared_ptr<call>& asked, runtime::registers::audit_note noted,
                   http::response answer) {
    runtime::register_change wanted{std::move(noted),
                                    [asked, answer = std::move(answer)](const result<std::string>& said) {
                                        if (said)
                                            asked->send(answer);
                                        else
                                            asked->send(said.error());
                                    },
                                    source_of(*asked)};
    if (!site.submit(std::move(wanted))) asked->send(not_taken());
}

}  // namespace kindred::api
