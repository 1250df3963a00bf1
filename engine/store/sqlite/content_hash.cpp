#include "engine/store/sqlite/content_hash.hpp"

#include "engine/base/digest.hpp"
#include "engine/store/sqlite/connection.hpp"

#include <array>
#include <fstream>

namespace kindred::store {
namespace {

constexpr std::size_t at_once = std::size_t{1} << 20;

/// Of any number of bytes: each part's hash is of the one before and of what came since.
class running_hash {
public:
    running_hash() { part_.reserve(2 * at_once); }

    void add(std::string_view bytes) {
        part_ += bytes;
        if (part_.size() >= at_once) fold();
    }
    std::string take() {
        fold();
        return to_hex(so_far_);
    }

private:
    void fold() {
        const auto digest = sha256(so_far_ + part_);
        so_far_.assign(reinterpret_cast<const char*>(digest.data()), digest.size());
        part_.clear();
    }

    std::string so_far_;
    std::string part_;
};

struct source {
    int columns;
    const char* rows;
};

// By keys that two stores with the same rows share; the place of an entry among all of them is not one.
constexpr std::array sources{
    source{4, "SELECT id, version, name, json FROM customers ORDER BY id"},
    source{2, "SELECT identity, customer FROM identities ORDER BY identity"},
    source{12,
           "SELECT id, status, customer, holder, queue, channel, conversation, subject, created_at, updated_at, "
           "entries, state FROM tickets ORDER BY id"},
    source{2, "SELECT hash, ticket FROM conversations ORDER BY hash"},
    source{4, "SELECT key, kind, at, json FROM entries ORDER BY key"},
    source{3, "SELECT id, login, json FROM agents ORDER BY id"},
    source{8, "SELECT id, ticket, entry, channel, state, attempts, due, json FROM outbox ORDER BY id"},
    source{4, "SELECT first, last, at, bytes FROM journal ORDER BY first"},
    source{4, "SELECT hash, author, at, files FROM rulesets ORDER BY hash"},
    source{2, "SELECT name, value FROM settings ORDER BY name"},
    source{5, "SELECT hash, name, role, created_at, revoked FROM tokens ORDER BY hash"},
    source{4, "SELECT kind, id, at, bytes FROM kept WHERE kind <> 'redis' ORDER BY kind, id"},
};

}  // namespace

result<std::string> content_hash(const std::string& file) {
    const auto on = sqlite::connection::open({file, {}, true, false});
    if (!on) return on.error();
    running_hash hash;
    for (const auto& each : sources) {
        sqlite::statement asked(*on, each.rows);
        sqlite::cursor row(asked);
        while (row.next()) {
            for (int column = 0; column < each.columns; ++column) {
                const auto value = row.view(column);
                hash.add(std::to_string(value.size()) + ':');
                hash.add(value);
            }
        }
        if (row.code() != SQLITE_OK) return sqlite::error_of(*on, row.code(), "read what the store says");
        hash.add(";");
    }
    return hash.take();
}

result<std::string> file_hash(const std::string& file) {
    std::ifstream from(file, std::ios::binary);
    if (!from) return fail(errc::io, file + ": cannot be read");
    running_hash hash;
    std::string part(at_once, '\0');
    while (from) {
        from.read(part.data(), static_cast<std::streamsize>(part.size()));
        hash.add({part.data(), static_cast<std::size_t>(from.gcount())});
    }
    if (!from.eof()) return fail(errc::io, file + ": cannot be read");
    return hash.take();
}

}  // namespace kindred::store
