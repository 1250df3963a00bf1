#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <memory>
#include <string>

namespace kindred::api {

/// errc::overloaded: the site takes nothing in now.
error not_taken();

/// An agent by id, login or "me"; errc::invalid where there is nobody.
result<agent_id> agent_named(const call& asked, const runtime::roster& people, const std::string& text);

/// The header Idempotency-Key; errc::invalid where it is too long.
result<std::string> idempotency_key_of(const call& asked);

/// Who changes something, as records have it: "agent:ann", "crm:shop" of an API token.
std::string source_of(const call& asked);

/// Hands a change of the customer in the path to the writer, and answers with what becomes of it.
void submit_customer_change(runtime::site& site, const std::shared_ptr<call>& asked,
                            decltype(runtime::customer_change::what) what, unsigned success);

/// Hands something that is done with the ticket in the path to the writer, and answers with what becomes of it.
void submit_action(runtime::site& site, const std::shared_ptr<call>& asked, decltype(runtime::ticket_action::what) what,
                   unsigned success);

/// Puts on the audit log that something was given out, and sends it once that is durable.
void note_and_send(runtime::site& site, const std::shared_ptr<call>& asked, runtime::registers::audit_note noted,
                   http::response answer);

}  // namespace kindred::api
