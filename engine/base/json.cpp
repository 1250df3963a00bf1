#include "engine/base/json.hpp"

#include "engine/base/text.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace kindred::json {
namespace {

using pool = rapidjson::MemoryPoolAllocator<>;
using tree = rapidjson::GenericDocument<rapidjson::UTF8<>, pool, pool>;
using node = tree::ValueType;

constexpr std::size_t deepest = 32;
// Numbers come as they are written: RapidJSON's own reading at full precision is undefined for "0e100" (it asks for the
// highest bit of nothing), and at less precision 19.99 is another number.
constexpr unsigned parse_flags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseStopWhenDoneFlag;

const node& as_node(const void* pointer) { return *static_cast<const node*>(pointer); }

/// Of a number that std::from_chars says is out of range: 0 where it is too small, nothing where it is too large.
std::optional<double> beyond_range(std::string_view written) {
    const double read = std::strtod(std::string(written).c_str(), nullptr);
    return std::isinf(read) ? std::nullopt : std::optional(read);
}

/// Passes events on to the tree builder and stops at the first level that is too deep and at numbers that are too
/// large.
class tree_guard {
public:
    explicit tree_guard(tree& target) : target_(target) {}

    bool Null() { return target_.Null(); }
    bool Bool(bool truth) { return target_.Bool(truth); }
    bool Int(int number) { return target_.Int(number); }
    bool Uint(unsigned number) { return target_.Uint(number); }
    bool Int64(std::int64_t number) { return target_.Int64(number); }
    bool Uint64(std::uint64_t number) { return target_.Uint64(number); }
    bool Double(double number) { return target_.Double(number); }
    bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
        const std::string_view written(text, size);
        const char* end = text + size;
        if (written.find_first_of(".eE") == std::string_view::npos) {
            std::int64_t whole = 0;
            if (std::from_chars(text, end, whole).ec == std::errc{}) return target_.Int64(whole);
            std::uint64_t large = 0;
            if (std::from_chars(text, end, large).ec == std::errc{}) return target_.Uint64(large);
        }
        double number = 0;
        if (std::from_chars(text, end, number).ec == std::errc{}) return target_.Double(number);
        const auto read = beyond_range(written);
        too_large_ = !read;
        return read && target_.Double(*read);
    }
    bool String(const char* text, rapidjson::SizeType size, bool copy) { return target_.String(text, size, copy); }
    bool Key(const char* text, rapidjson::SizeType size, bool copy) { return target_.Key(text, size, copy); }
    bool StartObject() { return ++depth_ <= deepest && target_.StartObject(); }
    bool EndObject(rapidjson::SizeType members) {
        --depth_;
        return target_.EndObject(members);
    }
    bool StartArray() { return ++depth_ <= deepest && target_.StartArray(); }
    bool EndArray(rapidjson::SizeType elements) {
        --depth_;
        return target_.EndArray(elements);
    }

    bool too_deep() const { return depth_ > deepest; }
    bool too_large() const { return too_large_; }

private:
    tree& target_;
    std::size_t depth_ = 0;
    bool too_large_ = false;
};

std::string_view text_of(const node& from) { return {from.GetString(), from.GetStringLength()}; }

/// Keys of which one may repeat another: told by a few of their bytes. Says "perhaps" too often, and never too seldom.
class seen_keys {
public:
    /// Whether such a key was there before.
    bool perhaps_again(std::string_view key) {
        const auto size = key.size();
        const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(key[at]); };
        const std::size_t told = size == 0 ? 0 : size * 61 + byte(0) * 7 + byte(size / 2) * 31 + byte(size - 1) * 131;
        auto& word = words_[told / bits % words_.size()];
        const auto bit = std::uint64_t{1} << (told % bits);
        const bool before = (word & bit) != 0;
        word |= bit;
        return before;
    }

private:
    static constexpr std::size_t bits = 64;
    std::array<std::uint64_t, 16> words_{};
};

/// The key that an object has twice, or nothing.
std::optional<std::string_view> repeated_key(const node& object) {
    constexpr rapidjson::SizeType few = 64;
    const auto members = object.GetObject();
    if (object.MemberCount() < 2) return std::nullopt;
    if (object.MemberCount() <= few) {
        seen_keys seen;
        for (auto one = members.begin(); one != members.end(); ++one) {
            if (!seen.perhaps_again(text_of(one->name))) continue;
            for (auto other = members.begin(); other != one; ++other)
                if (text_of(one->name) == text_of(other->name)) return text_of(one->name);
        }
        return std::nullopt;
    }
    std::vector<std::string_view> keys;
    for (const auto& member : members) keys.push_back(text_of(member.name));
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    return twice == keys.end() ? std::nullopt : std::optional(*twice);
}

/// What the grammar allows and we do not: repeated keys, and half surrogate pairs, which only escapes can make once the
/// text itself is UTF-8. False: `fault` says what. Recursion is safe: no tree is deeper than 32.
bool is_sound(const node& at, bool escapes, std::string& fault) {
    if (at.IsString() && escapes && !is_utf8(text_of(at))) {
        fault = "a text has half of a surrogate pair";
        return false;
    }
    if (at.IsArray()) {
        for (const auto& element : at.GetArray())
            if (!is_sound(element, escapes, fault)) return false;
    }
    if (!at.IsObject()) return true;
    if (const auto key = repeated_key(at)) {
        fault = "the key " + literal(key->substr(0, 100)) + " occurs twice";
        return false;
    }
    for (const auto& member : at.GetObject())
        if (!is_sound(member.name, escapes, fault) || !is_sound(member.value, escapes, fault)) return false;
    return true;
}

}  // namespace

struct document::state {
    // Enough for a typical webhook without asking the heap; larger documents grow the pools.
    static constexpr std::size_t growth = 16'384;
    static constexpr std::size_t first_stack = 1'024;
    alignas(16) char nodes[8192];
    alignas(16) char levels[4096];
    pool node_pool{nodes, sizeof nodes, growth};
    pool level_pool{levels, sizeof levels, growth};
    tree parsed{&node_pool, first_stack, &level_pool};
    std::string bytes;  ///< the text; its strings are unescaped where they stand, and the tree points into it

    // Not `= default`: make_unique() would then write zeros over the memory above.
    state() {}  // NOLINT(modernize-use-equals-default)

    class spares;
    void clear() {
        constexpr std::size_t kept_bytes = 16'384;
        if (bytes.capacity() > kept_bytes) bytes = {};
        parsed.SetNull();
        node_pool.Clear();
        level_pool.Clear();
    }
};

/// The memory of documents that are done, for the next ones of the same thread.
class document::state::spares {
public:
    ~spares() { ended_ = true; }

    static std::unique_ptr<state> take() {
        if (ended_ || mine().kept_.empty()) return std::make_unique<state>();
        auto one = std::move(mine().kept_.back());
        mine().kept_.pop_back();
        return one;
    }
    static void give_back(std::unique_ptr<state> done) {
        constexpr std::size_t enough = 4;
        if (!done || ended_ || mine().kept_.size() >= enough) return;
        done->clear();
        mine().kept_.push_back(std::move(done));
    }

private:
    static spares& mine() {
        static thread_local spares of_this_thread;
        return of_this_thread;
    }
    static thread_local bool ended_;  ///< documents may outlive it at the end of their thread
    std::vector<std::unique_ptr<state>> kept_;
};

thread_local bool document::state::spares::ended_ = false;

document::document() : state_(state::spares::take()) {}
document::document(document&&) noexcept = default;
document& document::operator=(document&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
document::~document() { state::spares::give_back(std::move(state_)); }

result<document> document::parse(std::string_view text) {
    const auto refuse = [](std::size_t where, const char* why) {
        return fail(errc::invalid, "at byte " + std::to_string(where) + ": " + why);
    };
    if (!is_utf8(text)) return fail(errc::invalid, "the text is not UTF-8");
    document made;
    made.state_->bytes = text;
    rapidjson::InsituStringStream bytes(made.state_->bytes.data());
    // One reader per thread: its stack is the memory that every parse would otherwise ask the heap for.
    thread_local rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>> reader;
    const char* why = nullptr;
    std::size_t where = 0;
    const auto fill = [&](tree& target) {
        tree_guard checked(target);
        const auto outcome = reader.Parse<parse_flags>(bytes, checked);
        if (!outcome.IsError()) return true;
        where = outcome.Offset();
        why = checked.too_deep()    ? "nested more than 32 deep"
              : checked.too_large() ? "a number is too large"
                                    : rapidjson::GetParseError_En(outcome.Code());
        return false;
    };
    made.state_->parsed.Populate(fill);
    if (why != nullptr) return refuse(where, why);
    // The stream ends with the first NUL, so what follows the value is looked at by position.
    auto end = bytes.Tell();
    while (end < text.size() && text[end] != '\0' && std::strchr(" \t\r\n", text[end]) != nullptr) ++end;
    if (end < text.size()) return refuse(end, "something follows the value");
    const bool escapes = text.find("\\u") != std::string_view::npos;
    if (std::string fault; !is_sound(made.state_->parsed, escapes, fault)) return fail(errc::invalid, std::move(fault));
    return made;
}

value document::root() const { return value(&static_cast<const node&>(state_->parsed)); }

bool value::is_null() const { return node_ != nullptr && as_node(node_).IsNull(); }
bool value::is_object() const { return node_ != nullptr && as_node(node_).IsObject(); }
bool value::is_array() const { return node_ != nullptr && as_node(node_).IsArray(); }
bool value::is_string() const { return node_ != nullptr && as_node(node_).IsString(); }
bool value::is_number() const { return node_ != nullptr && as_node(node_).IsNumber(); }
bool value::is_bool() const { return node_ != nullptr && as_node(node_).IsBool(); }

value value::operator[](std::string_view key) const {
    if (!is_object()) return {};
    for (const auto& member : as_node(node_).GetObject())
        if (std::string_view(member.name.GetString(), member.name.GetStringLength()) == key)
            return value(&member.value);
    return {};
}

value value::at(std::size_t index) const {
    if (!is_array() || index >= as_node(node_).Size()) return {};
    return value(&as_node(node_)[static_cast<rapidjson::SizeType>(index)]);
}

std::size_t value::size() const {
    if (is_array()) return as_node(node_).Size();
    return is_object() ? as_node(node_).MemberCount() : 0;
}

std::string_view value::text(std::string_view fallback) const {
    return is_string() ? std::string_view(as_node(node_).GetString(), as_node(node_).GetStringLength()) : fallback;
}

std::optional<std::int64_t> value::integer() const {
    if (node_ == nullptr || !as_node(node_).IsInt64()) return std::nullopt;
    return as_node(node_).GetInt64();
}

std::optional<double> value::number() const {
    if (!is_number()) return std::nullopt;
    return as_node(node_).GetDouble();
}

std::optional<bool> value::boolean() const {
    if (!is_bool()) return std::nullopt;
    return as_node(node_).GetBool();
}

std::string value::text_or_number() const {
    if (is_string()) return std::string(text());
    if (node_ != nullptr && as_node(node_).IsUint64()) return std::to_string(as_node(node_).GetUint64());
    if (const auto number = integer()) return std::to_string(*number);
    return {};
}

void value::for_each(const std::function<void(value)>& visit) const {
    if (!is_array()) return;
    for (const auto& element : as_node(node_).GetArray()) visit(value(&element));
}

void value::for_each_member(const std::function<void(std::string_view, value)>& visit) const {
    if (!is_object()) return;
    for (const auto& member : as_node(node_).GetObject())
        visit({member.name.GetString(), member.name.GetStringLength()}, value(&member.value));
}

std::string value::to_text() const {
    if (node_ == nullptr) return "null";
    rapidjson::StringBuffer out;
    rapidjson::Writer<rapidjson::StringBuffer> to(out);
    as_node(node_).Accept(to);  // recursion is safe: no document is deeper than 32
    return {out.GetString(), out.GetSize()};
}

void writer::separate() {
    if (text_.empty()) return;
    const char last = text_.back();
    if (last != '{' && last != '[' && last != ':' && last != ',') text_ += ',';
}

writer& writer::begin_object() {
    constexpr std::size_t usual = 256;  // most texts grow to about that: in one step instead of five
    if (text_.empty()) text_.reserve(usual);
    separate();
    text_ += '{';
    return *this;
}
writer& writer::end_object() {
    text_ += '}';
    return *this;
}
writer& writer::begin_array() {
    separate();
    text_ += '[';
    return *this;
}
writer& writer::end_array() {
    text_ += ']';
    return *this;
}
writer& writer::key(std::string_view name) {
    separate();
    append_json_string(text_, name);
    text_ += ':';
    return *this;
}
writer& writer::value(std::string_view content) {
    separate();
    append_json_string(text_, content);
    return *this;
}
writer& writer::value(bool truth) {
    separate();
    text_ += truth ? "true" : "false";
    return *this;
}
writer& writer::value(double number) {
    if (!std::isfinite(number)) return null();  // JSON has no infinity
    separate();
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    text_.append(digits, end);
    return *this;
}
writer& writer::signed_value(std::int64_t number) {
    separate();
    char digits[24];
    text_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
    return *this;
}
writer& writer::unsigned_value(std::uint64_t number) {
    separate();
    char digits[24];
    text_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
    return *this;
}
writer& writer::null() {
    separate();
    text_ += "null";
    return *this;
}
writer& writer::raw(std::string_view json) {
    separate();
    text_ += json;
    return *this;
}

std::string literal(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

}  // namespace kindred::json
