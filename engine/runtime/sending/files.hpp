#pragma once
#include "engine/channel/record.hpp"
#include "engine/runtime/step.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// An attachment as it is on record. Its bytes are in store::file_store under `sha256`.
struct kept_file {
    enum class state { stored = 1, waiting, failed, expired };

    /// "<ticket>-<entry>-<number>" of a contact's, "u-<random>" of an agent's upload, upload_prefix() + "<random>" of
    /// a visitor's.
    std::string id;
    std::string name;
    std::string type;
    std::int64_t size = -1;
    state stands = state::waiting;
    std::string sha256;
    std::string reason;   ///< of failed
    std::string channel;  ///< it came by; empty: an upload
    std::string url;      ///< where the provider keeps it
    std::string media_id;
    std::optional<duration> keep_for;  ///< none: as long as everybody's
    time_point at;
};

/// The id of a file of a contact: `number` counts from 1.
std::string file_id(ticket_id ticket, std::uint32_t entry, std::size_t number);
/// What the ids of everything begin with that somebody in a conversation of a channel has uploaded and not sent yet.
/// Only who knows the conversation can make it.
std::string upload_prefix(std::string_view channel, std::string_view conversation);
/// Whether a file is one of those: of a visitor, and not sent yet.
bool is_upload_of_visitor(std::string_view id);

std::string_view name_of(kept_file::state state);
store::kept_row to_row(const kept_file& file);
/// errc::corrupt when the row is none.
result<kept_file> file_from(const store::kept_row& row);

/// What is left to do once we must not have a file any more, as its row shows it: the provider's copy, where it may
/// have one. None for what is no file of a provider.
std::optional<store::kept_row> removal_of(const kept_file& file, time_point now);

/// What is to be done with the bytes of a file that is taken away or expires, for a step: nothing where there are none.
std::optional<store::kept_row> forgetting_of(const kept_file& file, time_point now);
/// Adds what makes a file expire: its name stays, the bytes go, also the provider's. An upload that was not sent goes
/// with its row.
void expire(const kept_file& file, time_point now, std::vector<store::kept_row>& into);
/// Puts a row that is to go: of a file its bytes go, too, and the provider's. It still says what it says.
void take_away(step& in, const store::kept_row& row);
/// Puts a row among those of expire(): what is to be done besides is done once it is durable.
void put_file_row(step& in, store::kept_row row);

/// Puts the files of a contact on record, those that the provider keeps to be fetched. At most 50 of one contact.
void register_files(step& in, const channel_entry& via, const channel::record& happened, const ticket& about,
                    std::uint32_t entry);

/// Why a file of this type and size is not kept in the channel: "too_large", "type_refused"; empty when it is.
std::string why_not_kept(const channel_policy& policy, std::string_view name, std::string_view type, std::int64_t size);

}  // namespace kindred::runtime
