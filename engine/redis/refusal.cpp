#include "engine/redis/refusal.hpp"

#include "engine/base/id.hpp"

#include <array>

namespace kindred::redis {
namespace {

struct row {
    refusal why;
    std::string_view name;
    remedy then;
};

constexpr std::array table{
    row{refusal::moved, "moved", remedy::redirect},
    row{refusal::ask, "ask", remedy::redirect},
    row{refusal::try_again, "try_again", remedy::wait},
    row{refusal::cross_slot, "cross_slot", remedy::ask_operator},
    row{refusal::cluster_down, "cluster_down", remedy::wait},
    row{refusal::master_down, "master_down", remedy::wait},
    row{refusal::no_replicas, "no_replicas", remedy::wait},
    row{refusal::out_of_memory, "out_of_memory", remedy::wait},
    row{refusal::misconfigured, "misconfigured", remedy::wait},
    row{refusal::read_only, "read_only", remedy::redirect},
    row{refusal::loading, "loading", remedy::wait},
    row{refusal::busy, "busy", remedy::wait},
    row{refusal::not_busy, "not_busy", remedy::wait},
    row{refusal::no_log_in, "no_log_in", remedy::ask_operator},
    row{refusal::wrong_password, "wrong_password", remedy::ask_operator},
    row{refusal::forbidden, "forbidden", remedy::ask_operator},
    row{refusal::no_function, "no_function", remedy::load_function},
    row{refusal::fenced, "fenced", remedy::step_down},
    row{refusal::duplicate, "duplicate", remedy::is_done},
    row{refusal::out_of_order, "out_of_order", remedy::step_down},
    row{refusal::inbox_full, "inbox_full", remedy::wait},
    row{refusal::gone, "gone", remedy::wait},
    row{refusal::other, "other", remedy::ask_operator},
};

struct code_row {
    std::string_view code;
    refusal why;
};

constexpr std::array codes{
    code_row{"MOVED", refusal::moved},
    code_row{"ASK", refusal::ask},
    code_row{"TRYAGAIN", refusal::try_again},
    code_row{"CROSSSLOT", refusal::cross_slot},
    code_row{"CLUSTERDOWN", refusal::cluster_down},
    code_row{"MASTERDOWN", refusal::master_down},
    code_row{"NOREPLICAS", refusal::no_replicas},
    code_row{"OOM", refusal::out_of_memory},
    code_row{"MISCONF", refusal::misconfigured},
    code_row{"READONLY", refusal::read_only},
    code_row{"UNBLOCKED", refusal::read_only},
    code_row{"LOADING", refusal::loading},
    code_row{"BUSY", refusal::busy},
    code_row{"NOTBUSY", refusal::not_busy},
    code_row{"UNKILLABLE", refusal::not_busy},
    code_row{"NOAUTH", refusal::no_log_in},
    code_row{"WRONGPASS", refusal::wrong_password},
    code_row{"NOPERM", refusal::forbidden},
    code_row{"NOSCRIPT", refusal::no_function},
    code_row{"FENCED", refusal::fenced},
    code_row{"DUP", refusal::duplicate},
    code_row{"SEQ", refusal::out_of_order},
    code_row{"FULL", refusal::inbox_full},
    code_row{"GONE", refusal::gone},
};

const row& row_of(refusal why) { return table.at(static_cast<std::size_t>(why) - 1); }

/// The first word; the rest stays in `text`.
std::string_view take_word(std::string_view& text) {
    const auto end = text.find(' ');
    const auto word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return word;
}

std::optional<std::uint16_t> small_number(std::string_view text) {
    const auto number = parse_number(text);
    if (!number || *number > 0xFFFF) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

}  // namespace

refusal refusal_of(std::string_view text) {
    auto rest = text;
    const auto code = take_word(rest);
    for (const auto& each : codes) {
        if (each.code == code) return each.why;
    }
    if (code == "ERR" && rest.starts_with("Function not found")) return refusal::no_function;
    return refusal::other;
}

remedy remedy_for(refusal why) { return row_of(why).then; }

std::string_view name_of(refusal why) { return row_of(why).name; }

std::optional<redirection> redirection_of(std::string_view text) {
    const auto code = take_word(text);
    if (code != "MOVED" && code != "ASK") return std::nullopt;
    const auto slot = small_number(take_word(text));
    const auto colon = text.rfind(':');  // an IPv6 address has colons of its own
    if (!slot || *slot >= 16384 || colon == std::string_view::npos) return std::nullopt;
    const auto port = small_number(text.substr(colon + 1));
    if (!port || *port == 0) return std::nullopt;
    return redirection{*slot, std::string(text.substr(0, colon)), *port};
}

std::optional<std::uint64_t> number_in(std::string_view text) {
    take_word(text);
    return parse_number(take_word(text));
}

}  // namespace kindred::redis
