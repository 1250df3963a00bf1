#include "engine/base/json.hpp"

#include "engine/base/text.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

namespace kindred::json {
namespace {

using tree = rapidjson::GenericDocument<rapidjson::UTF8<>, rapidjson::MemoryPoolAllocator<>>;
using node = tree::ValueType;

constexpr std::size_t deepest = 32;
constexpr unsigned parse_flags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag | rapidjson::kParseStopWhenDoneFlag;

const node& as_node(const void* pointer) { return *static_cast<const node*>(pointer); }

/// Passes events on to the tree builder and stops at the first level that is too deep.
class depth_guard {
public:
    explicit depth_guard(tree& target) : target_(target) {}

    bool Null() { return target_.Null(); }
    bool Bool(bool truth) { return target_.Bool(truth); }
    bool Int(int number) { return target_.Int(number); }
    bool Uint(unsigned number) { return target_.Uint(number); }
    bool Int64(std::int64_t number) { return target_.Int64(number); }
    bool Uint64(std::uint64_t number) { return target_.Uint64(number); }
    bool Double(double number) { return target_.Double(number); }
    bool RawNumber(const char* text, rapidjson::SizeType size, bool copy) {
        return target_.RawNumber(text, size, copy);
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

private:
    tree& target_;
    std::size_t depth_ = 0;
};

std::string_view text_of(const node& from) { return {from.GetString(), from.GetStringLength()}; }

/// The key that an object has twice, or nothing.
std::optional<std::string_view> repeated_key(const node& object) {
    constexpr rapidjson::SizeType few = 16;
    const auto members = object.GetObject();
    if (object.MemberCount() <= few) {
        for (auto one = members.begin(); one != members.end(); ++one)
            for (auto other = members.begin(); other != one; ++other)
                if (text_of(one->name) == text_of(other->name)) return text_of(one->name);
        return std::nullopt;
    }
    std::vector<std::string_view> keys;
    for (const auto& member : members) keys.push_back(text_of(member.name));
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    return twice == keys.end() ? std::nullopt : std::optional(*twice);
}

/// What the grammar allows and we do not: repeated keys, and half surrogate pairs, which only escapes can make once the
/// text itself is UTF-8. Empty: nothing. Recursion is safe: no tree is deeper than 32.
std::string fault_in(const node& at, bool escapes) {
    if (at.IsString() && escapes && !is_utf8(text_of(at))) return "a text has half of a surrogate pair";
    if (at.IsArray()) {
        for (const auto& element : at.GetArray())
            if (auto fault = fault_in(element, escapes); !fault.empty()) return fault;
    }
    if (!at.IsObject()) return {};
    if (const auto key = repeated_key(at)) return "the key " + literal(key->substr(0, 100)) + " occurs twice";
    for (const auto& member : at.GetObject()) {
        if (auto fault = fault_in(member.name, escapes); !fault.empty()) return fault;
        if (auto fault = fault_in(member.value, escapes); !fault.empty()) return fault;
    }
    return {};
}

}  // namespace

struct document::state {
    // Enough for a typical webhook without asking the heap; larger documents grow the pool.
    static constexpr std::size_t growth = 16'384;
    alignas(16) char buffer[8192];
    rapidjson::MemoryPoolAllocator<> pool{buffer, sizeof buffer, growth};
    tree parsed{&pool};
};

document::document() : state_(std::make_unique<state>()) {}
document::document(document&&) noexcept = default;
document& document::operator=(document&&) noexcept = default;
document::~document() = default;

result<document> document::parse(std::string_view text) {
    const auto refuse = [](std::size_t where, const char* why) {
        return fail(errc::invalid, "at byte " + std::to_string(where) + ": " + why);
    };
    if (!is_utf8(text)) return fail(errc::invalid, "the text is not UTF-8");
    document made;
    rapidjson::MemoryStream bytes(text.data(), text.size());
    // One reader per thread: its stack is the memory that every parse would otherwise ask the heap for.
    thread_local rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>> reader;
    const char* why = nullptr;
    std::size_t where = 0;
    const auto fill = [&](tree& target) {
        depth_guard checked(target);
        const auto outcome = reader.Parse<parse_flags>(bytes, checked);
        if (!outcome.IsError()) return true;
        where = outcome.Offset();
        why = checked.too_deep() ? "nested more than 32 deep" : rapidjson::GetParseError_En(outcome.Code());
        return false;
    };
    made.state_->parsed.Populate(fill);
    if (why != nullptr) return refuse(where, why);
    // MemoryStream reads NUL at its end, so what follows the value is looked at by position.
    auto end = bytes.Tell();
    while (end < text.size() && text[end] != '\0' && std::strchr(" \t\r\n", text[end]) != nullptr) ++end;
    if (end < text.size()) return refuse(end, "something follows the value");
    const bool escapes = text.find("\\u") != std::string_view::npos;
    if (auto fault = fault_in(made.state_->parsed, escapes); !fault.empty())
        return fail(errc::invalid, std::move(fault));
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
