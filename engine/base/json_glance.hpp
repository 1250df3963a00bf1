#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Looks into JSON that this program wrote itself, where reading all of it would be most of somebody's work. Of
/// anything else they may find nothing, or what is no JSON; they never look outside of the text. Names and values are
/// as they are written, escapes included.
namespace kindred::json {

/// A place in such a text, from where parts are passed over.
class glancing_place {
public:
    explicit glancing_place(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    const char* at() const { return at_; }
    bool is(char wanted) const { return at_ != end_ && *at_ == wanted; }
    bool take(char wanted) {
        pass_space();
        if (!is(wanted)) return false;
        ++at_;
        return true;
    }
    void pass_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    }

    bool is_at_end() {
        pass_space();
        return at_ == end_;
    }

    /// Behind a text, whose first quote is where this stands.
    bool pass_text() {
        for (++at_;;) {
            at_ = first_of(at_, end_, is_end_of_text{});
            if (at_ == end_) return false;
            if (*at_ == '"') break;
            at_ += std::min<std::ptrdiff_t>(2, end_ - at_);  // what is escaped ends nothing
        }
        ++at_;
        return true;
    }

    /// What was passed since a place, without the space behind it.
    std::string_view since(const char* begin) const {
        const char* end = at_;
        while (end != begin && (end[-1] == ' ' || end[-1] == '\n' || end[-1] == '\r' || end[-1] == '\t')) --end;
        return {begin, static_cast<std::size_t>(end - begin)};
    }

    /// Stands at an object: calls `each(name)` for every member, which passes the value. False: it said so, or this is
    /// no object.
    template <class Each>
    bool pass_members(const Each& each) {
        if (!take('{')) return false;
        if (take('}')) return true;
        do {
            pass_space();
            if (!is('"')) return false;
            const char* const key = at_ + 1;
            if (!pass_text()) return false;
            const std::string_view name(key, static_cast<std::size_t>(at_ - key - 1));
            if (!take(':')) return false;
            pass_space();
            if (!each(name)) return false;
        } while (take(','));
        return take('}');
    }

    /// The same for an array, whose elements `each()` passes.
    template <class Each>
    bool pass_elements(const Each& each) {
        if (!take('[')) return false;
        if (take(']')) return true;
        do {
            pass_space();
            const char* const value = at_;
            if (!each() || at_ == value) return false;
        } while (take(','));
        return take(']');
    }

    bool pass_value() {
        if (is('"')) return pass_text();
        if (!is('{') && !is('[')) {
            while (at_ != end_ && *at_ != ',' && *at_ != '}' && *at_ != ']') ++at_;
            return true;
        }
        for (int depth = 0;;) {
            at_ = first_of(at_, end_, is_mark{});
            if (at_ == end_) return false;
            if (*at_ == '"') {
                if (!pass_text()) return false;
                continue;
            }
            depth += *at_ == '{' || *at_ == '[' ? 1 : -1;
            ++at_;
            if (depth == 0) return true;
        }
    }

private:
    struct is_end_of_text {
        bool operator()(char letter) const { return letter == '"' || letter == '\\'; }
#if defined(__SSE2__)
        __m128i operator()(__m128i letters) const {
            return _mm_or_si128(_mm_cmpeq_epi8(letters, _mm_set1_epi8('"')),
                                _mm_cmpeq_epi8(letters, _mm_set1_epi8('\\')));
        }
#endif
    };
    struct is_mark {
        bool operator()(char letter) const {
            return letter == '"' || letter == '{' || letter == '}' || letter == '[' || letter == ']';
        }
#if defined(__SSE2__)
        __m128i operator()(__m128i letters) const {
            const auto folded = _mm_or_si128(letters, _mm_set1_epi8(0x20));  // [ becomes {, ] becomes }
            const auto braces =
                _mm_or_si128(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')), _mm_cmpeq_epi8(folded, _mm_set1_epi8('}')));
            return _mm_or_si128(braces, _mm_cmpeq_epi8(letters, _mm_set1_epi8('"')));
        }
#endif
    };
    /// The first letter for which it holds: sixteen at once where the processor can, and never one behind the end.
    template <class Is>
    static const char* first_of(const char* at, const char* end, Is is) {
#if defined(__SSE2__)
        for (; end - at >= 16; at += 16) {
            const auto letters = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
            const auto found = static_cast<unsigned>(_mm_movemask_epi8(is(letters)));
            if (found != 0) return at + std::countr_zero(found);
        }
#endif
        while (at != end && !is(*at)) ++at;
        return at;
    }

    const char* at_;
    const char* end_;
};

/// Calls `each(name, value)` for every member of the object in turn, until it says false. True: it never did, and
/// nothing stands behind the object.
template <class Each>
bool glance_at_all(std::string_view object, const Each& each) {
    glancing_place in(object);
    return in.pass_members([&](std::string_view name) {
        const char* const value = in.at();
        return in.pass_value() && each(name, in.since(value));
    }) && in.is_at_end();
}

/// The same for every element of an array.
template <class Each>
bool glance_at_elements(std::string_view array, const Each& each) {
    glancing_place in(array);
    return in.pass_elements([&] {
        const char* const value = in.at();
        return in.pass_value() && each(in.since(value));
    }) && in.is_at_end();
}

/// Whether it is text as JSON has it without a look at its structure: UTF-8, and no letter below the space.
bool is_clean_text(std::string_view text);

/// The text of one member's value.
std::optional<std::string_view> glance(std::string_view object, std::string_view name);

/// What a glance() found, where it is a text without escapes. Nothing for everything else: that has to be parsed.
std::optional<std::string_view> plain_text(std::string_view found);

/// The text of a member, unescaped; empty where there is none.
std::string glance_text(std::string_view object, std::string_view name);

}  // namespace kindred::json
