#include "engine/redis/reply_reader.hpp"

#include <hiredis/read.h>

namespace kindred::redis {
namespace {

// Up to here hiredis keeps its buffer between two replies.
constexpr std::size_t kept_buffer = std::size_t{256} << 10;

/// What one reply has left of its limit of elements.
struct budget {
    std::size_t elements = 0;
};

/// Where the element that hiredis is about to fill stands; the root is the caller's to free.
reply* place_of(const redisReadTask* task) {
    if (task->parent == nullptr) return new reply;
    return &static_cast<reply*>(task->parent->obj)->list[static_cast<std::size_t>(task->idx)];
}

reply_kind kind_of(int type) {
    switch (type) {
        case REDIS_REPLY_STATUS: return reply_kind::status;
        case REDIS_REPLY_ERROR: return reply_kind::refusal;
        default: return reply_kind::text;
    }
}

void* make_text(const redisReadTask* task, char* bytes, std::size_t size) {
    auto* made = place_of(task);
    made->kind = kind_of(task->type);
    made->text.assign(bytes, size);
    return made;
}

void* make_list(const redisReadTask* task, int elements) {
    auto& left = *static_cast<budget*>(task->privdata);
    const auto wanted = static_cast<std::size_t>(elements);
    if (elements < 0 || wanted > left.elements) return nullptr;  // hiredis ends the reply with an error
    left.elements -= wanted;
    auto* made = place_of(task);
    made->kind = reply_kind::list;
    made->list.resize(wanted);
    return made;
}

void* make_number(const redisReadTask* task, long long number) {
    auto* made = place_of(task);
    made->kind = reply_kind::number;
    made->number = number;
    return made;
}

void* make_nothing(const redisReadTask* task) { return place_of(task); }

// Called for the root alone: it owns all below it.
void drop(void* made) { delete static_cast<reply*>(made); }

redisReplyObjectFunctions makers{make_text, make_list, make_number, make_nothing, drop};

struct free_reader {
    void operator()(redisReader* one) const { redisReaderFree(one); }
};

}  // namespace

struct reply_reader::state {
    explicit state(const reply_limits& given) : limits(given), reader(redisReaderCreateWithFunctions(&makers)) {
        left.elements = limits.elements;
        reader->privdata = &left;
        reader->maxbuf = kept_buffer;
    }
    reply_limits limits;
    budget left;
    std::unique_ptr<redisReader, free_reader> reader;
};

reply_reader::reply_reader(const reply_limits& limits) : state_(std::make_unique<state>(limits)) {}
reply_reader::~reply_reader() = default;
reply_reader::reply_reader(reply_reader&&) noexcept = default;
reply_reader& reply_reader::operator=(reply_reader&&) noexcept = default;

result<void> reply_reader::take(std::string_view bytes) {
    auto& reader = *state_->reader;
    if (reader.len - reader.pos + bytes.size() > state_->limits.bytes)
        return fail(errc::too_large,
                    "the server's reply is larger than " + std::to_string(state_->limits.bytes) + " bytes");
    if (redisReaderFeed(&reader, bytes.data(), bytes.size()) != REDIS_OK)
        return fail(errc::corrupt, "the server's reply cannot be read: " + std::string(reader.errstr));
    return {};
}

result<std::optional<reply>> reply_reader::next() {
    auto& reader = *state_->reader;
    void* made = nullptr;
    if (redisReaderGetReply(&reader, &made) != REDIS_OK)
        return fail(errc::corrupt, "the server's reply cannot be read: " + std::string(reader.errstr));
    if (made == nullptr) return std::optional<reply>{};
    const std::unique_ptr<reply> whole(static_cast<reply*>(made));
    state_->left.elements = state_->limits.elements;
    return std::optional<reply>(std::move(*whole));
}

}  // namespace kindred::redis
