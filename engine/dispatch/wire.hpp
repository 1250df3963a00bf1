#pragma once
#include "engine/base/id.hpp"
#include "engine/base/time.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// How values become bytes and come back. A struct takes part by naming its members in `members_of`.
namespace kindred::dispatch::wire {

/// A tuple of member pointers, in the order of the bytes.
template <class Struct>
inline constexpr std::nullptr_t members_of = nullptr;

/// The largest valid value of an enum that counts up from 1 (or from 0).
template <class Enum>
inline constexpr std::uint8_t last_of = 0;

template <class Struct>
concept described = !std::is_same_v<std::remove_const_t<decltype(members_of<Struct>)>, std::nullptr_t>;

class writer {
public:
    explicit writer(std::string& out) : out_(out) {}

    void number(std::uint64_t value) {
        while (value >= 0x80) {
            out_.push_back(static_cast<char>(value | 0x80));
            value >>= 7U;
        }
        out_.push_back(static_cast<char>(value));
    }
    void integer(std::int64_t value) {
        number((static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void text(std::string_view value) {
        number(value.size());
        out_.append(value);
    }

    void put(bool value) { number(value ? 1 : 0); }
    void put(std::unsigned_integral auto value) { number(value); }
    void put(std::signed_integral auto value) { integer(value); }
    void put(const std::string& value) { text(value); }
    void put(duration value) { integer(value.count()); }
    void put(time_point value) { integer(to_millis(value)); }
    template <class Tag>
    void put(id<Tag> value) {
        number(value.value);
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void put(Enum value) {
        number(static_cast<std::uint64_t>(value));
    }
    template <class T>
    void put(const std::optional<T>& value) {
        put(value.has_value());
        if (value) put(*value);
    }
    template <class First, class Second>
    void put(const std::pair<First, Second>& value) {
        put(value.first);
        put(value.second);
    }
    template <class T>
    void put(const std::vector<T>& values) {
        number(values.size());
        for (const T& each : values) put(each);
    }
    template <described Struct>
    void put(const Struct& value) {
        std::apply([&](auto... members) { (put(value.*members), ...); }, members_of<Struct>);
    }

private:
    std::string& out_;
};

/// Reads what a writer wrote. After the first wrong byte everything read is a default value and ok() is false, so
/// callers check once, at the end.
class reader {
public:
    explicit reader(std::string_view bytes) : left_(bytes) {}

    bool ok() const { return ok_; }
    bool at_end() const { return left_.empty(); }
    void spoil() {
        ok_ = false;
        left_ = {};
    }

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(left_.front());
            left_.remove_prefix(1);
            // Only one spelling per number: no bits past the 64th, no zero byte at the end.
            if ((shift == 63 && byte > 1) || (shift > 0 && byte == 0)) break;
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80) return value;
        }
        spoil();
        return 0;
    }
    std::int64_t integer() {
        const std::uint64_t raw = number();
        return static_cast<std::int64_t>(raw >> 1U) ^ -static_cast<std::int64_t>(raw & 1U);
    }
    std::string_view text() {
        const std::uint64_t size = number();
        if (size > left_.size()) {
            spoil();
            return {};
        }
        const std::string_view value = left_.substr(0, size);
        left_.remove_prefix(size);
        return value;
    }

    void get(bool& value) {
        const std::uint64_t raw = number();
        if (raw > 1) spoil();
        value = raw == 1;
    }
    template <std::unsigned_integral Number>
    void get(Number& value) {
        const std::uint64_t raw = number();
        value = static_cast<Number>(raw);
        if (value != raw) spoil();
    }
    void get(std::int64_t& value) { value = integer(); }
    void get(std::string& value) { value = text(); }
    void get(duration& value) { value = duration{integer()}; }
    void get(time_point& value) { value = from_millis(integer()); }
    template <class Tag>
    void get(id<Tag>& value) {
        value.value = number();
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void get(Enum& value) {
        static_assert(last_of<Enum> != 0, "say the enum's largest value in last_of");
        const std::uint64_t raw = number();
        if (raw < 1 || raw > last_of<Enum>) return spoil();
        value = static_cast<Enum>(raw);
    }
    template <class T>
    void get(std::optional<T>& value) {
        bool there = false;
        get(there);
        if (there) get(value.emplace());
    }
    template <class First, class Second>
    void get(std::pair<First, Second>& value) {
        get(value.first);
        get(value.second);
    }
    template <class T>
    void get(std::vector<T>& values) {
        const std::uint64_t count = number();
        // Every element takes at least a byte: a count that cannot be true must not reserve memory.
        if (count > left_.size()) return spoil();
        values.clear();
        values.reserve(count);
        for (std::uint64_t each = 0; each < count && ok_; ++each) get(values.emplace_back());
    }
    template <described Struct>
    void get(Struct& value) {
        std::apply([&](auto... members) { (get(value.*members), ...); }, members_of<Struct>);
    }

private:
    std::string_view left_;
    bool ok_ = true;
};

}  // namespace kindred::dispatch::wire
