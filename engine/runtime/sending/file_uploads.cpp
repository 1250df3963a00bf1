#include "engine/base/digest.hpp"
#include "engine/runtime/sending/file_keeper.hpp"

/// What agents and visitors upload before a message names it.
namespace kindred::runtime {
namespace {

constexpr duration uploads_live = std::chrono::hours{24};  // that no message has sent

}  // namespace

/// What a message says of a file counts for nothing: its name, type and bytes are those of the upload, and whose it is
/// its id tells. A message that was taken in before finds none any more, and is known by its own id.
void file_keeper::take_upload(const delivery& arrived, std::string_view conversation, channel::attachment& file) {
    file.not_kept = "not_uploaded";
    if (!file.media_id.starts_with(upload_prefix(arrived.via->name, conversation))) return;
    auto uploaded = find(file.media_id);
    if (!uploaded || uploaded->stands != kept_file::state::stored) return;
    file.name = std::move(uploaded->name);
    file.type = std::move(uploaded->type);
    file.size = uploaded->size;
    file.stored = std::move(uploaded->sha256);
    file.not_kept = {};
}

void file_keeper::upload(kept_file described, std::string_view bytes,
                         const std::function<void(result<std::string>)>& done) {
    described.id = "u-" + to_hex(random_bytes(16));
    put_upload(std::move(described), bytes, done);
}

void file_keeper::upload_of(const std::string& channel, std::string_view conversation, kept_file described,
                            std::string_view bytes, const std::function<void(result<std::string>)>& done) {
    described.id = upload_prefix(channel, conversation) + to_hex(random_bytes(16));
    described.channel = channel;
    described.keep_for = uploads_live;
    put_upload(std::move(described), bytes, done);
}

void file_keeper::put_upload(kept_file described, std::string_view bytes,
                             const std::function<void(result<std::string>)>& done) {
    if (bytes.size() > settings_.most_bytes) return done(fail(errc::too_large, "the file is too large"));
    std::shared_ptr<const void> held;
    auto stored = put(bytes, held);
    if (!stored) return done(stored.error());
    described.sha256 = std::move(*stored);
    described.size = static_cast<std::int64_t>(bytes.size());
    described.stands = kept_file::state::stored;
    described.at = now_.now();
    register_change change{registers::row_change{{to_row(described)}}, {}};
    change.done = [done, id = described.id, held = std::move(held)](const result<std::string>& said) {
        done(said ? result<std::string>(id) : said);
    };
    if (!to_writer_(std::move(change))) done(fail(errc::overloaded, "this cannot be taken in now: try again"));
}

}  // namespace kindred::runtime
