#include "engine/store/redis/file_shelves.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/id.hpp"
#include "engine/base/text.hpp"
#include "engine/store/redis/function_library.hpp"
#include "engine/store/redis/packing.hpp"

namespace kindred::store::redis {
namespace {

using kindred::redis::command;
using kindred::redis::reply_kind;

constexpr std::string_view shelf_names = "0123456789abcdef";
constexpr std::string_view unfinished_for = "3600";  // seconds
constexpr std::size_t names_at_once = 500;

std::size_t shelf_of(std::string_view name) { return shelf_names.find(name.front()); }

std::string site_of(const std::string& site, std::size_t shelf) { return site + "/file/" + shelf_names[shelf]; }

command call_of(std::string_view function, std::span<const std::string> keys) {
    command made{"FCALL", functions().function(function), std::to_string(keys.size())};
    made.insert(made.end(), keys.begin(), keys.end());
    return made;
}

}  // namespace

file_shelves::file_shelves(const site_place& at, bool in_cluster) : site_(at.site) {
    auto there = at;
    for (std::size_t shelf = 0; shelf < (in_cluster ? shelf_names.size() : 1); ++shelf) {
        there.site = site_of(site_, shelf);
        logs_.push_back(std::make_unique<site_log>(there, "files"));
    }
}

site_log& file_shelves::over(std::size_t shelf) { return *logs_[logs_.size() == 1 ? 0 : shelf]; }

std::string file_shelves::key(std::size_t shelf, std::string_view name) const {
    return prefix_of(site_of(site_, shelf)) + std::string(name);
}

std::string file_shelves::piece_key(const std::string& name, const std::string& id, std::uint64_t number) const {
    return key(shelf_of(name), name + ':' + id + ':' + std::to_string(number));
}

std::optional<shelved_file> file_shelves::read(std::string name, std::string said) {
    const auto parts = split(said, ' ');
    if (parts.size() != 7 || !is_file_name(name)) return std::nullopt;
    const auto number = [&](std::size_t at) { return parse_number(parts[at]); };
    const auto at = number(0);
    const auto plain = number(2);
    const auto stored = number(3);
    const auto pieces = number(4);
    if (!at || !plain || !stored || !pieces) return std::nullopt;
    shelved_file made;
    made.at = from_millis(static_cast<std::int64_t>(*at));
    made.plain = *plain;
    made.stored = *stored;
    made.pieces = *pieces;
    made.is_packed = parts[5] == "1";
    made.id = parts[6];
    made.name = std::move(name);
    made.said = std::move(said);
    return made;
}

result<bool> file_shelves::touch(const std::string& name) {
    const auto shelf = shelf_of(name);
    const std::array keys{key(shelf, "index"), key(shelf, "sum")};
    auto said = call_of("touch_file", keys);
    said.push_back(name);
    const auto answer = over(shelf).ask(said, true);
    if (!answer) return answer.error();
    return answer->number == 1;
}

result<std::uint64_t> file_shelves::put(const std::string& name, std::string_view bytes) {
    if (const auto there = touch(name); !there || *there) return there ? result<std::uint64_t>(0) : there.error();
    const auto smaller = packed(bytes);
    const std::string_view stored = smaller ? std::string_view(*smaller) : bytes;
    const auto shelf = shelf_of(name);
    const auto id = to_hex(random_bytes(8));
    std::vector<std::string> keys{key(shelf, "index"), key(shelf, "sum")};
    // One after the other: whoever else asks Redis something waits for one piece at the most.
    for (std::size_t at = 0; at < stored.size(); at += file_piece_bytes) {
        keys.push_back(piece_key(name, id, keys.size() - 2));
        const command said{"SET", keys.back(), std::string(stored.substr(at, file_piece_bytes)), "EX",
                           std::string(unfinished_for)};
        if (const auto done = over(shelf).ask(said, false); !done) return done.error();
    }
    auto said = call_of("put_file", keys);
    for (const auto& each :
         {name, std::to_string(bytes.size()), std::to_string(stored.size()), std::string(smaller ? "1" : "0"), id})
        said.push_back(each);
    const auto answer = over(shelf).ask(said, true);
    if (!answer) return answer.error();
    if (answer->number < 0) return fail(errc::unavailable, "a piece of the file is gone already");
    return answer->number == 1 ? stored.size() : 0;
}

result<std::string> file_shelves::get(const std::string& name) {
    const auto found = look({&name, 1});
    if (!found) return found.error();
    if (found->empty()) return fail(errc::not_found, "Redis has no file of this name");
    const auto& file = found->front();
    const auto shelf = shelf_of(name);
    std::string bytes;
    bytes.reserve(file.stored);
    for (std::uint64_t i = 0; i < file.pieces; ++i) {
        const auto piece = over(shelf).ask({"GET", piece_key(name, file.id, i)}, false);
        if (!piece) return piece.error();
        // It was removed meanwhile, and perhaps put again: whoever asks again sees which.
        if (piece->kind == reply_kind::nothing) return fail(errc::unavailable, "the file was taken away while read");
        bytes += piece->text;
    }
    if (file.is_packed) {
        auto plain = unpacked(bytes, file.plain);
        if (!plain) return plain;
        bytes = std::move(*plain);
    }
    if (file_name_of(bytes) != name) return fail(errc::corrupt, "Redis has other bytes than were put there");
    return bytes;
}

result<std::vector<shelved_file>> file_shelves::look(std::span<const std::string> names) {
    std::array<std::vector<std::string>, shelf_names.size()> by_shelf;
    for (const auto& each : names)
        if (is_file_name(each)) by_shelf.at(shelf_of(each)).push_back(each);
    std::vector<shelved_file> found;
    for (std::size_t shelf = 0; shelf < by_shelf.size(); ++shelf) {
        const auto& wanted = by_shelf.at(shelf);
        for (std::size_t at = 0; at < wanted.size(); at += names_at_once) {
            const std::span some = std::span(wanted).subspan(at, std::min(names_at_once, wanted.size() - at));
            command said{"HMGET", key(shelf, "index")};
            said.insert(said.end(), some.begin(), some.end());
            auto answer = over(shelf).ask(said, false);
            if (!answer) return answer.error();
            if (answer->list.size() != some.size()) return fail(errc::corrupt, "Redis answered HMGET with less");
            for (std::size_t i = 0; i < some.size(); ++i)
                if (answer->list[i].kind != reply_kind::nothing)
                    if (auto read_one = read(some[i], std::move(answer->list[i].text)))
                        found.push_back(std::move(*read_one));
        }
    }
    return found;
}

result<void> file_shelves::for_each(const std::function<void(shelved_file&&)>& each) {
    for (std::size_t shelf = 0; shelf < shelf_names.size(); ++shelf) {
        std::string cursor = "0";
        do {
            auto answer =
                over(shelf).ask({"HSCAN", key(shelf, "index"), cursor, "COUNT", std::to_string(names_at_once)}, false);
            if (!answer) return answer.error();
            if (answer->list.size() != 2)
                return fail(errc::corrupt, "Redis answered HSCAN in a form that is not known");
            cursor = answer->list[0].text;
            auto& rows = answer->list[1].list;
            for (std::size_t i = 0; i + 1 < rows.size(); i += 2)
                if (auto file = read(std::move(rows[i].text), std::move(rows[i + 1].text))) each(std::move(*file));
        } while (cursor != "0");
    }
    return {};
}

result<file_shelves::dropped> file_shelves::drop(const shelved_file& seen) {
    const auto shelf = shelf_of(seen.name);
    std::vector<std::string> keys{key(shelf, "index"), key(shelf, "sum")};
    for (std::uint64_t i = 0; i < seen.pieces; ++i) keys.push_back(piece_key(seen.name, seen.id, i));
    auto said = call_of("drop_file", keys);
    said.push_back(seen.name);
    said.push_back(seen.said);
    const auto answer = over(shelf).ask(said, true);
    if (!answer) return answer.error();
    return dropped{answer->number < 0, answer->number == 1 ? seen.stored : 0};
}

result<shelved_sum> file_shelves::sum() {
    shelved_sum all;
    for (std::size_t shelf = 0; shelf < shelf_names.size(); ++shelf) {
        const auto answer = over(shelf).ask({"HMGET", key(shelf, "sum"), "files", "bytes"}, false);
        if (!answer) return answer.error();
        if (answer->list.size() != 2) return fail(errc::corrupt, "Redis answered HMGET with less");
        all.files += parse_number(answer->list[0].text).value_or(0);
        all.bytes += parse_number(answer->list[1].text).value_or(0);
    }
    return all;
}

std::uint64_t file_shelves::connects() const {
    std::uint64_t all = 0;
    for (const auto& each : logs_) all += each->connection().connects();
    return all;
}

void file_shelves::stop() {
    for (const auto& each : logs_) each->stop();
}

}  // namespace kindred::store::redis
