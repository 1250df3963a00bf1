#include "engine/store/redis/snapshots.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/id.hpp"
#include "engine/store/redis/file_pieces.hpp"

namespace kindred::store::redis {
namespace {

using kindred::redis::command;

/// A piece of a snapshot that nobody finished goes by itself after this time; so does one that was replaced, after some
/// time for those who are reading it.
constexpr std::string_view unfinished_for = "3600";
constexpr std::string_view replaced_for = "600";

}  // namespace

std::string snapshots::piece_key(const std::string& id, std::uint64_t number) const {
    return in_.key("snapshot:" + id + ':' + std::to_string(number));
}

result<std::optional<snapshot_head>> snapshots::newest() {
    const auto rows = in_.values("snapshot");
    if (!rows) return rows.error();
    if (rows->empty()) return std::optional<snapshot_head>{};
    snapshot_head found;
    for (const auto& [name, value] : *rows) {
        const auto number = parse_number(value).value_or(0);
        if (name == "id") found.id = value;
        if (name == "last") found.end.last = value;
        if (name == "seq") found.end.seq = number;
        if (name == "pieces") found.pieces = number;
        if (name == "plain") found.plain = number;
        if (name == "packed") found.packed = number;
    }
    return std::optional(found);
}

result<snapshot_head> snapshots::put(const lease_token& token, const std::string& file, const log_end& end, bool erases,
                                     const std::string& id) {
    const auto before = newest();
    if (!before) return before.error();
    snapshot_head made;
    made.id = id.empty() ? to_hex(random_bytes(8)) : id;
    made.end = end;
    const auto packed = pack_file(file, [&](std::string_view piece) -> result<void> {
        const auto key = piece_key(made.id, made.pieces++);
        if (!id.empty()) {
            const auto there = in_.ask({"EXPIRE", key, std::string(unfinished_for)}, false);
            if (!there) return there.error();
            if (there->number == 1) return {};
        }
        const auto done = in_.ask({"SET", key, std::string(piece), "EX", std::string(unfinished_for)}, false);
        return done ? result<void>{} : done.error();
    });
    if (!packed) return packed.error();
    made.plain = packed->plain;
    made.packed = packed->packed;
    for (std::uint64_t i = 0; i < made.pieces; ++i) {
        const auto kept = in_.ask({"PERSIST", piece_key(made.id, i)}, false);
        if (!kept) return kept.error();
        if (kept->number != 1) return fail(errc::unavailable, "a piece of the snapshot is gone already");
    }
    auto said = in_.call_of("snapshot", {"head", "snapshot", "log", "inbox"});
    for (const auto& each : {std::to_string(token.epoch), token.nonce, made.id, std::to_string(end.seq), end.last,
                             std::to_string(made.pieces), std::to_string(made.plain), std::to_string(made.packed),
                             std::string(erases ? "1" : "0")})
        said.push_back(each);
    const auto done = in_.ask(said, true);
    if (!done) return done.error();
    made.forgot = done->text != "LATER";
    if (*before)
        for (std::uint64_t i = 0; i < (*before)->pieces; ++i)
            (void)in_.ask({"EXPIRE", piece_key((*before)->id, i), std::string(erases ? "0" : replaced_for)}, false);
    return made;
}

result<void> snapshots::fetch(const snapshot_head& wanted, const std::string& file) {
    std::uint64_t next = 0;
    return unpack_file(file, [&]() -> result<std::string> {
        if (next == wanted.pieces) return std::string();
        auto piece = in_.ask({"GET", piece_key(wanted.id, next++)}, false);
        if (!piece) return piece.error();
        if (piece->kind == kindred::redis::reply_kind::nothing)
            return fail(errc::unavailable, "the snapshot was replaced while it was read");
        return std::move(piece->text);
    });
}

}  // namespace kindred::store::redis
