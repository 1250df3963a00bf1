#include "engine/store/redis/snapshots.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/id.hpp"
#include "engine/store/redis/file_pieces.hpp"
#include "engine/store/redis/site_replies.hpp"

#include <filesystem>

namespace kindred::store::redis {
namespace {

/// A replaced snapshot stays for those who are reading it.
constexpr std::chrono::seconds replaced_for{600};
/// Of every snapshot that has pieces in Redis, as far as anybody knows: how many at most. What is in this table and is
/// not the newest was replaced, or nobody finished it.
constexpr std::string_view begun_table = "snapshots";

/// Of a file that cannot be compressed.
std::uint64_t most_pieces_of(const std::string& file) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(file, ignored);
    return (size + size / 100) / piece_bytes + 2;
}

}  // namespace

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

result<std::optional<std::chrono::milliseconds>> snapshots::log_age() {
    using std::chrono::milliseconds;
    const auto before = newest();
    if (!before) return before.error();
    const auto head = in_.ask({"HMGET", in_.key("head"), "seq", "cut"}, false);
    if (!head) return head.error();
    const auto time = in_.ask({"TIME"}, false);
    if (!time) return time.error();
    if (head->list.size() != 2 || time->list.size() != 2) return odd("HMGET or TIME");
    if (number_of(head->list[0]) <= (*before ? (**before).end.seq : 0)) return std::optional<milliseconds>{};
    const auto since = number_of(head->list[1]);
    if (since == 0) return std::optional(milliseconds::max());
    const auto now = number_of(time->list[0]) * 1000 + number_of(time->list[1]) / 1000;
    return std::optional(milliseconds{now > since ? static_cast<std::int64_t>(now - since) : 0});
}

/// All of it is there for good afterwards, under a name that nobody knows yet.
result<void> snapshots::write(snapshot_head& made, const std::string& file, bool may_be_there) {
    const auto packed = pack_file(file, [&](std::string_view piece) -> result<void> {
        const auto number = made.pieces++;
        if (may_be_there) {
            const auto there = pieces_.put_again(made.id, number);
            if (!there) return there.error();
            if (*there) return {};
        }
        return pieces_.put(made.id, number, piece);
    });
    if (!packed) return packed.error();
    made.plain = packed->plain;
    made.packed = packed->packed;
    for (std::uint64_t i = 0; i < made.pieces; ++i) {
        const auto kept = pieces_.keep(made.id, i);
        if (!kept) return kept.error();
        if (!*kept) return fail(errc::unavailable, "a piece of the snapshot is gone already");
    }
    return {};
}

result<snapshot_head> snapshots::put(const lease_token& token, const std::string& file, const log_end& end, bool erases,
                                     const std::string& id) {
    const auto before = newest();
    if (!before) return before.error();
    snapshot_head made;
    made.id = pieces_.named(id.empty() ? to_hex(random_bytes(8)) : id);
    made.end = end;
    const auto most = most_pieces_of(file);
    if (auto begun = in_.put_value(begun_table, made.id, std::to_string(most)); !begun) return begun.error();
    // What is put again under this name may be of use; what has no name but this try's is not.
    const auto given_up = [&](error why) {
        if (id.empty()) (void)take_away(made.id, made.pieces);
        return why;
    };
    if (auto written = write(made, file, !id.empty()); !written) return given_up(written.error());
    auto said = in_.call_of("snapshot", {"head", "snapshot", "log", "inbox"});
    for (const auto& each : {std::to_string(token.epoch), token.nonce, made.id, std::to_string(end.seq), end.last,
                             std::to_string(made.pieces), std::to_string(made.plain), std::to_string(made.packed),
                             std::string(erases ? "1" : "0")})
        said.push_back(each);
    const auto done = in_.ask(said, true);
    // Of unknown outcome: it may be the one that counts.
    if (!done && done.error().code == errc::unknown) return done.error();
    if (!done) return given_up(done.error());
    const auto gone = take_away_all_but(made.id, *before, erases);
    if (erases) made.forgot = done->text != "LATER" && gone && settle(token, made.id);
    return made;
}

/// True: nothing that was erased is owed any more.
bool snapshots::settle(const lease_token& token, const std::string& id) {
    auto said = in_.call_of("settle", {"head", "snapshot", owed_table, begun_table});
    for (const auto& each : {std::to_string(token.epoch), token.nonce, id}) said.push_back(each);
    const auto done = in_.ask(said, true);
    return done && done->number == 1;
}

result<void> snapshots::take_away(const std::string& id, std::uint64_t count) {
    if (auto dropped = pieces_.drop(id, count, std::chrono::seconds{0}); !dropped) return dropped;
    return in_.drop_value(begun_table, id);
}

/// `before` goes after some time, or at once; all others, which somebody left behind, at once.
result<void> snapshots::take_away_all_but(const std::string& id, const std::optional<snapshot_head>& before,
                                          bool at_once) {
    const auto begun = in_.values(begun_table);
    if (!begun) return begun.error();
    result<void> all;
    const auto note = [&](const result<void>& done) {
        if (!done) all = done;
    };
    const bool is_replaced = before && before->id != id;
    if (is_replaced && !at_once) note(pieces_.drop(before->id, before->pieces, replaced_for));
    // An earlier version did not note it.
    if (is_replaced && at_once) note(take_away(before->id, before->pieces));
    for (const auto& [other, count] : *begun)
        if (other != id && !(before && other == before->id)) note(take_away(other, parse_number(count).value_or(0)));
    return all;
}

result<snapshot_damage> snapshots::damage_of(const snapshot_head& of) {
    snapshot_damage found;
    if (!are_spread()) return found;
    for (std::uint64_t i = 0; i < of.pieces; ++i) {
        const auto piece = pieces_.look(of.id, i);
        if (!piece) return piece.error();
        if (!piece->is_there)
            ++found.gone;
        else if (!piece->is_kept)
            ++found.going;
    }
    return found;
}

error snapshots::not_whole(const snapshot_head& wanted, std::uint64_t gone) {
    const auto now = newest();
    if (now && *now && (*now)->id == wanted.id)
        return fail(errc::unavailable,
                    "the snapshot in Redis is not whole: it lacks " + std::to_string(gone) + " or more of its " +
                        std::to_string(wanted.pieces) +
                        " pieces. A node that leads puts another in its place; where "
                        "none does, bring back what the masters had, or start a node that has its copy");
    return fail(errc::unavailable, "the snapshot was replaced while it was read");
}

result<void> snapshots::fetch(const snapshot_head& wanted, const std::string& file) {
    // Before much of it is read for nothing, again and again.
    const auto damage = damage_of(wanted);
    if (!damage) return damage.error();
    if (damage->gone != 0) return not_whole(wanted, damage->gone);
    std::uint64_t next = 0;
    return unpack_file(file, [&]() -> result<std::string> {
        if (next == wanted.pieces) return std::string();
        auto piece = pieces_.get(wanted.id, next++);
        if (!piece) return piece.error();
        if (!*piece) return not_whole(wanted, 1);
        return std::move(**piece);
    });
}

}  // namespace kindred::store::redis
