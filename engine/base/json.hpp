#pragma once
#include "engine/base/error.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// The only door to JSON in Kindred. Reading is hardened for bytes from outside: iterative, UTF-8 checked (lone
/// surrogates refused), at most 32 deep, no duplicate keys, nothing after the value, no NaN, no comments.
namespace kindred::json {

class document;

/// A value inside a document; valid while its document lives. Reading something that is not there, or has another
/// type, gives nothing or the fallback and never fails: outside data is looked at, not trusted.
class value {
public:
    value() = default;

    bool exists() const { return node_ != nullptr; }
    bool is_null() const;
    bool is_object() const;
    bool is_array() const;
    bool is_string() const;
    bool is_number() const;
    bool is_bool() const;

    /// The member, or a value that does not exist. Linear in the number of members.
    value operator[](std::string_view key) const;
    /// The element, or a value that does not exist.
    value at(std::size_t index) const;
    /// Members of an object or elements of an array; 0 for everything else.
    std::size_t size() const;

    std::string_view text(std::string_view fallback = {}) const;
    std::optional<std::int64_t> integer() const;
    std::optional<double> number() const;
    std::optional<bool> boolean() const;
    /// A string as it is, an integer in decimal; empty for everything else. Providers are not consistent about ids.
    std::string text_or_number() const;

    void for_each(const std::function<void(value)>& visit) const;
    void for_each_member(const std::function<void(std::string_view key, value)>& visit) const;

    /// This value as compact JSON text.
    std::string to_text() const;

private:
    friend class document;
    explicit value(const void* node) : node_(node) {}
    const void* node_ = nullptr;
};

/// A parsed JSON text and the memory behind it.
class document {
public:
    /// errc::invalid with "at byte N: ...", or what is wrong by name, when the text is not acceptable JSON.
    static result<document> parse(std::string_view text);

    document(document&&) noexcept;
    document& operator=(document&&) noexcept;
    ~document();

    value root() const;
    value operator[](std::string_view key) const { return root()[key]; }

private:
    document();
    struct state;
    std::unique_ptr<state> state_;
};

/// Appends compact JSON to a string. Commas are its own business; keys are the caller's order.
class writer {
public:
    writer& begin_object();
    writer& end_object();
    writer& begin_array();
    writer& end_array();
    writer& key(std::string_view name);

    writer& value(std::string_view text);
    writer& value(const char* text) { return value(std::string_view(text)); }
    writer& value(const std::string& text) { return value(std::string_view(text)); }
    writer& value(bool truth);
    writer& value(double number);
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    writer& value(Integer number) {
        if constexpr (std::is_signed_v<Integer>) return signed_value(number);
        return unsigned_value(number);
    }
    writer& null();
    /// JSON that somebody already wrote.
    writer& raw(std::string_view json);

    template <class T>
    writer& member(std::string_view name, const T& content) {
        key(name);
        return value(content);
    }
    /// Leaves the member out when the text is empty.
    writer& member_if(std::string_view name, std::string_view content) {
        return content.empty() ? *this : member(name, content);
    }

    const std::string& text() const { return text_; }
    std::string take() { return std::move(text_); }
    /// Room for so many bytes, where it is known that there will be many.
    writer& reserve(std::size_t bytes) {
        text_.reserve(bytes);
        return *this;
    }
    /// Takes back what was written behind the first `size` bytes.
    void cut(std::size_t size) { text_.resize(size); }
    void clear() { text_.clear(); }

private:
    void separate();
    writer& signed_value(std::int64_t number);
    writer& unsigned_value(std::uint64_t number);
    std::string text_;
};

/// A text as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
std::string literal(std::string_view text);

}  // namespace kindred::json
