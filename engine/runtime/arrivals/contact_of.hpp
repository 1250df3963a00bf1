#pragma once
#include "engine/channel/record.hpp"
#include "engine/domain/contact.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/channels.hpp"

namespace kindred::runtime {

/// The contact that rules see of a record. `now` stands in where the provider gave no usable time.
/// Details that `rules` declare as contact attributes (and those under "attributes") become such, where they fit.
contact contact_of(const channel::record& happened, const channel_entry& via, const rules::ruleset& rules,
                   time_point now);

/// The two-letter code at the front of a locale ("es-MX", "pt_BR", "en"); empty when there is none.
std::string language_of(std::string_view locale);

/// The contact of a stored "contact" entry (channel::to_stored_json), for explaining and for filling scripts.
contact contact_from_stored(std::string_view json, const std::string& channel_name, channel_kind kind,
                            const rules::ruleset& rules, time_point at);

/// What a customer wrote, its subject first, without what they quote where that is known.
std::string words_of(const channel::record& happened);

/// What a list shows of a contact: its subject, or the first words; at most 200 bytes of whole characters.
std::string headline_of(const channel::record& happened);

}  // namespace kindred::runtime
