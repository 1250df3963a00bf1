#include "engine/store/sqlite/digest.hpp"

#include <xxhash.h>

namespace kindred::store::sqlite {
namespace {

void append_number(std::string& to, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) to += static_cast<char>(value | 0x80U);
    to += static_cast<char>(value);
}

/// Small ones of both signs in few bytes.
void append_signed(std::string& to, std::int64_t value) {
    append_number(to, (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U));
}

void append_text(std::string& to, std::string_view text) {
    append_number(to, text.size());
    to.append(text);
}

}  // namespace

std::size_t digest_builder::hash::operator()(std::string_view text) const {
    return XXH3_64bits(text.data(), text.size());
}

void digest_builder::add(std::uint64_t ticket, std::uint32_t number, time_point at, const digest_saying& says) {
    saying_.clear();
    append_text(saying_, says.kind);
    append_text(saying_, says.channel);
    append_text(saying_, says.brief);
    auto known = known_.find(std::string_view(saying_));
    if (known == known_.end()) {
        known = known_.emplace(saying_, static_cast<std::uint32_t>(known_.size())).first;
        sayings_ += saying_;
    }
    lines_.push_back({ticket, number, known->second, at});
}

const std::string& digest_builder::bytes() {
    bytes_.clear();
    append_number(bytes_, known_.size());
    bytes_ += sayings_;
    append_number(bytes_, lines_.size());
    digest_line last;
    for (const auto& each : lines_) {
        append_number(bytes_, each.says);
        append_signed(bytes_, static_cast<std::int64_t>(each.ticket - last.ticket));
        append_number(bytes_, each.number);
        append_signed(bytes_, (each.at - last.at).count());
        last = each;
    }
    return bytes_;
}

void digest_builder::clear() {
    known_.clear();
    sayings_.clear();
    lines_.clear();
}

digest_reader::digest_reader(std::string_view bytes) : left_(bytes) {
    std::uint64_t count = 0;
    sound_ = number(count) && count <= left_.size();
    if (sound_) sayings_.reserve(count);
    for (std::uint64_t i = 0; sound_ && i < count; ++i) {
        auto& says = sayings_.emplace_back();
        sound_ = text(says.kind) && text(says.channel) && text(says.brief);
    }
    sound_ = sound_ && number(lines_left_);
}

bool digest_reader::next(digest_line& line) {
    if (!sound_ || lines_left_ == 0) return false;
    std::uint64_t says = 0;
    std::int64_t ticket = 0;
    std::uint64_t number_of_line = 0;
    std::int64_t later = 0;
    sound_ = number(says) && says < sayings_.size() && signed_number(ticket) && number(number_of_line) &&
             signed_number(later);
    if (!sound_) return false;
    --lines_left_;
    last_.says = static_cast<std::uint32_t>(says);
    last_.ticket += static_cast<std::uint64_t>(ticket);
    last_.number = static_cast<std::uint32_t>(number_of_line);
    last_.at += duration{later};
    line = last_;
    return true;
}

bool digest_reader::number(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(left_.front());
        left_.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

bool digest_reader::signed_number(std::int64_t& value) {
    std::uint64_t read = 0;
    if (!number(read)) return false;
    value = static_cast<std::int64_t>((read >> 1U) ^ (~(read & 1U) + 1U));
    return true;
}

bool digest_reader::text(std::string_view& value) {
    std::uint64_t size = 0;
    if (!number(size) || size > left_.size()) return false;
    value = left_.substr(0, size);
    left_.remove_prefix(size);
    return true;
}

}  // namespace kindred::store::sqlite
