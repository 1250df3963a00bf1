#pragma once
#include "engine/base/error.hpp"
#include "engine/dispatch/core.hpp"

#include <string>
#include <string_view>

/// States as bytes and back; equal states have equal bytes.
namespace kindred::dispatch {

/// Written first, so that a later layout can tell.
inline constexpr std::uint64_t snapshot_layout = 1;

void append_ticket(std::string& out, const core& site, const ticket_record& ticket);
void append_agent(std::string& out, const core& site, const agent_record& agent);
void append_site(std::string& out, const core& site);

result<void> restore_ticket(core& site, std::string_view bytes);
result<void> restore_agent(core& site, std::string_view bytes);
result<void> restore_site(core& site, std::string_view bytes);

}  // namespace kindred::dispatch
