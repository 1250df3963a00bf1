#pragma once
#include "engine/base/time.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::store::sqlite {

/// One line of a history in a digest.
struct digest_line {
    std::uint64_t ticket = 0;
    std::uint32_t number = 0;
    std::uint32_t says = 0;  ///< the number of what it says
    time_point at;

    bool operator==(const digest_line&) const = default;
};

/// What many lines say alike. Views into the digest's bytes.
struct digest_saying {
    std::string_view kind;
    std::string_view channel;  ///< the ticket's, where the line begins or continues one
    std::string_view brief;    ///< entry_brief.hpp
};

/// Lines of histories in the order in which they came, a dozen bytes each: who said it when, and the number of what was
/// said. A hundredth of what the same entries take, so that a report over millions of tickets need not read those.
class digest_builder {
public:
    std::size_t size() const { return lines_.size(); }
    void add(std::uint64_t ticket, std::uint32_t number, time_point at, const digest_saying& says);
    const std::string& bytes();
    void clear();

private:
    struct hash {
        using is_transparent = void;
        using is_avalanching = void;
        std::size_t operator()(std::string_view text) const;
    };

    boost::unordered_flat_map<std::string, std::uint32_t, hash, std::equal_to<>> known_;
    std::string saying_;  ///< the one that is looked for: memory kept
    std::string sayings_;
    std::vector<digest_line> lines_;
    std::string bytes_;
};

/// Reads bytes of a digest_builder; of others it says that they are none, and never looks outside of them.
class digest_reader {
public:
    /// The bytes must outlive it.
    explicit digest_reader(std::string_view bytes);

    bool sound() const { return sound_; }
    const std::vector<digest_saying>& sayings() const { return sayings_; }
    /// The next line; false at the end, or where the bytes are damaged.
    bool next(digest_line& line);

private:
    bool number(std::uint64_t& value);
    bool signed_number(std::int64_t& value);
    bool text(std::string_view& value);

    std::string_view left_;
    std::vector<digest_saying> sayings_;
    std::uint64_t lines_left_ = 0;
    digest_line last_;
    bool sound_ = true;
};

}  // namespace kindred::store::sqlite
