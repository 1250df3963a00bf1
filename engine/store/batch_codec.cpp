#include "engine/store/batch_codec.hpp"

#include <bit>
#include <concepts>
#include <cstring>
#include <type_traits>

namespace kindred::store {
namespace {

// 1: without `kept`; 2: without `erased`. Batches of older versions may be in a log that a newer program plays.
constexpr std::uint8_t version = 3;
constexpr std::uint8_t version_with_kept = 2;
constexpr std::uint8_t oldest_version = 1;

template <class Given, class Wanted>
concept row = std::same_as<std::remove_const_t<Given>, Wanted>;

using name_and_value = std::pair<std::string, std::string>;

template <class Given>
concept any_row =
    row<Given, unique_key> || row<Given, key_row> || row<Given, customer_row> || row<Given, identity_row> ||
    row<Given, ticket_row> || row<Given, entry_row> || row<Given, agent_row> || row<Given, outbox_row> ||
    row<Given, journal_row> || row<Given, ruleset_row> || row<Given, kept_row> || row<Given, batch_id> ||
    row<Given, name_and_value> || row<Given, batch>;

// One list of fields for each row, read by the encoder and by the decoder, so that they cannot drift apart.

template <class Io, row<unique_key> Row>
void fields(Io& io, Row& of) {
    io(of.space, of.id);
}
template <class Io, row<key_row> Row>
void fields(Io& io, Row& of) {
    io(of.key, of.ticket, of.entry, of.at);
}
template <class Io, row<customer_row> Row>
void fields(Io& io, Row& of) {
    io(of.id, of.version, of.name, of.json);
}
template <class Io, row<identity_row> Row>
void fields(Io& io, Row& of) {
    io(of.identity, of.customer);
}
template <class Io, row<ticket_row> Row>
void fields(Io& io, Row& of) {
    io(of.id, of.status, of.customer, of.holder, of.queue, of.channel, of.conversation, of.subject, of.created_at,
       of.updated_at, of.entries, of.state);
}
template <class Io, row<entry_row> Row>
void fields(Io& io, Row& of) {
    io(of.ticket, of.number, of.kind, of.at, of.json);
}
template <class Io, row<agent_row> Row>
void fields(Io& io, Row& of) {
    io(of.id, of.login, of.json);
}
template <class Io, row<outbox_row> Row>
void fields(Io& io, Row& of) {
    io(of.id, of.ticket, of.entry, of.channel, of.state, of.attempts, of.due, of.json);
}
template <class Io, row<journal_row> Row>
void fields(Io& io, Row& of) {
    io(of.first, of.last, of.at, of.bytes);
}
template <class Io, row<ruleset_row> Row>
void fields(Io& io, Row& of) {
    io(of.hash, of.author, of.at, of.files);
}
template <class Io, row<kept_row> Row>
void fields(Io& io, Row& of) {
    io(of.kind, of.id, of.at, of.bytes, of.removed);
}
template <class Io, row<batch_id> Row>
void fields(Io& io, Row& of) {
    io(of.incarnation, of.number);
}
template <class Io, row<name_and_value> Row>
void fields(Io& io, Row& of) {
    io(of.first, of.second);
}
template <class Io, row<batch> Row>
void fields(Io& io, Row& of) {
    io(of.id, of.at, of.consumed, of.keys, of.customers, of.identities, of.tickets, of.entries, of.agents, of.outbox,
       of.journal, of.rulesets, of.active_ruleset, of.settings);
}

class encoder {
public:
    explicit encoder(std::string& out) : out_(out) {}

    template <class... Fields>
    void operator()(const Fields&... each) {
        (put(each), ...);
    }

private:
    template <std::integral Number>
    void put(Number number) {
        static_assert(std::endian::native == std::endian::little);
        out_.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void put(Enum value) {
        put(static_cast<std::underlying_type_t<Enum>>(value));
    }
    template <class Tag>
    void put(const id<Tag>& value) {
        put(value.value);
    }
    void put(time_point at) { put(at.time_since_epoch().count()); }
    void put(const std::string& text) {
        put(static_cast<std::uint32_t>(text.size()));
        out_.append(text);
    }
    void put(const std::array<unsigned char, 16>& bytes) {
        out_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    template <class T>
    void put(const std::optional<T>& value) {
        put(static_cast<std::uint8_t>(value ? 1 : 0));
        if (value) put(*value);
    }
    template <class T>
    void put(const std::vector<T>& values) {
        put(static_cast<std::uint32_t>(values.size()));
        for (const auto& each : values) put(each);
    }
    template <any_row Row>
    void put(const Row& of) {
        fields(*this, of);
    }

    std::string& out_;
};

/// Reads until the bytes end or make no sense; then every further field stays empty and ok() is false.
class decoder {
public:
    explicit decoder(std::string_view bytes) : left_(bytes) {}

    template <class... Fields>
    void operator()(Fields&... each) {
        (take(each), ...);
    }
    bool at_end() const { return ok_ && left_.empty(); }

private:
    std::string_view next(std::size_t size) {
        if (!ok_ || left_.size() < size) {
            ok_ = false;
            return {};
        }
        const auto bytes = left_.substr(0, size);
        left_.remove_prefix(size);
        return bytes;
    }
    template <std::integral Number>
    void take(Number& number) {
        const auto bytes = next(sizeof number);
        if (ok_) std::memcpy(&number, bytes.data(), sizeof number);
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void take(Enum& value) {
        std::underlying_type_t<Enum> number{};
        take(number);
        value = static_cast<Enum>(number);
    }
    template <class Tag>
    void take(id<Tag>& value) {
        take(value.value);
    }
    void take(time_point& at) {
        time_point::rep count{};
        take(count);
        at = time_point{time_point::duration{count}};
    }
    void take(std::string& text) {
        std::uint32_t size = 0;
        take(size);
        text = next(size);
    }
    void take(std::array<unsigned char, 16>& bytes) {
        const auto raw = next(bytes.size());
        if (ok_) std::memcpy(bytes.data(), raw.data(), bytes.size());
    }
    template <class T>
    void take(std::optional<T>& value) {
        std::uint8_t there = 0;
        take(there);
        if (there > 1) ok_ = false;
        if (ok_ && there == 1) take(value.emplace());
    }
    template <class T>
    void take(std::vector<T>& values) {
        std::uint32_t count = 0;
        take(count);
        // Grown one by one: a damaged count must not claim memory that no byte stands for.
        for (std::uint32_t i = 0; i < count && ok_; ++i) take(values.emplace_back());
    }
    template <any_row Row>
    void take(Row& of) {
        fields(*this, of);
    }

    std::string_view left_;
    bool ok_ = true;
};

bool known(ticket_status status) { return status >= ticket_status::waiting && status <= ticket_status::resolved; }
bool known(outbox_state state) { return state >= outbox_state::pending && state <= outbox_state::failed; }

bool sensible(const batch& read) {
    for (const auto& each : read.tickets)
        if (!known(each.status)) return false;
    for (const auto& each : read.outbox)
        if (!known(each.state)) return false;
    return true;
}

}  // namespace

void encode(const batch& changes, std::string& out, const kept_row* also) {
    out.push_back(static_cast<char>(version));
    encoder to(out);
    to(changes);
    to(static_cast<std::uint32_t>(changes.kept.size() + (also != nullptr ? 1 : 0)));
    for (const auto& each : changes.kept) to(each);
    if (also != nullptr) to(*also);
    to(changes.erased);
}

result<batch> decode_batch(std::string_view bytes) {
    const auto written_as = bytes.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes.front());
    if (written_as < oldest_version || written_as > version)
        return fail(errc::corrupt, "a logged batch is of a version that this Kindred does not know");
    decoder from(bytes.substr(1));
    batch read;
    from(read);
    if (written_as >= version_with_kept) from(read.kept);
    if (written_as == version) from(read.erased);
    if (!from.at_end() || !sensible(read)) return fail(errc::corrupt, "a logged batch is damaged");
    return read;
}

}  // namespace kindred::store
