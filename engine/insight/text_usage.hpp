#pragma once
#include "engine/insight/ticket_story.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// Scripts and articles as a manual that lives: what became of each, and where one is missing.
namespace kindred::insight {

/// Of one script or article, over all its languages: tickets, each counted once.
struct text_figures {
    std::string kind;  ///< "script", "article"
    std::string id;
    std::int64_t shown = 0;            ///< beside a ticket that somebody held
    std::int64_t used = 0;             ///< an agent said so
    std::int64_t sent = 0;             ///< to the customer
    std::int64_t resolved = 0;         ///< of those that were shown: by an agent
    std::int64_t contacted_again = 0;  ///< of those: the customer wrote again within a week
    std::int64_t helpful = 0;          ///< agents who say so, each once a ticket, by their last word
    std::int64_t not_helpful = 0;
    std::int64_t read = 0;  ///< of articles: by customers on the public pages
    std::int64_t customers_helped = 0;
    std::int64_t customers_not_helped = 0;
};

/// Contacts for which there was nothing that fits.
struct text_gap {
    std::string missing;   ///< "script", "article"
    std::string segments;  ///< "value: vip, region: north"
    std::string stage;
    std::string channel;
    std::string language;  ///< empty: not known
    std::string intent;    ///< empty: not known
    std::int64_t contacts = 0;
    std::int64_t tickets = 0;
};

/// Collects from histories: the lines of one ticket in their order, of different ones in the order of their time. Reads
/// whole lines and their briefs alike. Keeps what it knows of open tickets, and of those that were resolved within a
/// week, a few dozen bytes each.
class text_usage {
public:
    static std::vector<std::string> kinds();
    static std::vector<std::string> kinds_with_json();
    static std::vector<std::string> kinds_with_ticket();

    void take(const history_line& line);
    /// A text that exists has its row, though nothing became of it.
    void know(const std::string& kind, const std::string& id) { (void)figures_of(kind, id); }
    /// What an agent said of a text beside a ticket: "used", "sent", "helpful", "not_helpful".
    void note_mark(const std::string& kind, const std::string& id, const std::string& what);
    /// What customers did with an article on the public pages: "shown", "helped", "not_helped".
    void note_readers(const std::string& article, const std::string& what, std::int64_t count);

    /// No more lines: tickets that are still open have met their texts, too. Once, before what follows.
    void finish();
    /// By kind and id.
    std::vector<text_figures> texts() const;
    /// Those that most contacts met first.
    std::vector<text_gap> gaps() const;

private:
    enum missing_kind : std::uint8_t { script, article, kinds_of_texts };
    using text_set = std::vector<std::uint32_t>;  ///< numbers of texts, each once and in order

    /// What a decision has for the customer. Thousands of decisions are alike in it.
    struct decided_texts {
        struct in_language {
            missing_kind kind = script;
            std::uint32_t language = 0;  ///< empty: for all
        };
        std::vector<in_language> fitting;
        std::uint32_t offered = 0;   ///< of text_sets_
        std::uint32_t segments = 0;  ///< of names_, like what follows
        std::uint32_t stage = 0;
    };
    struct open_ticket {
        customer_id whose;
        std::uint32_t channel = 0;
        std::uint32_t language = 0;
        std::uint32_t intent = 0;
        std::uint32_t contacts = 0;
        std::uint32_t offered = 0;                         ///< by its latest decision: of text_sets_
        std::uint32_t shown = 0;                           ///< of text_sets_
        std::array<std::uint32_t, kinds_of_texts> gaps{};  ///< by its latest decision: of gaps_; 0 is none
    };
    struct resolved_ticket {
        customer_id whose;
        time_point at;
        std::uint64_t earlier = 0;  ///< the number of one of the same customer
        std::uint32_t shown = 0;
    };
    struct gap_met {
        std::array<std::uint32_t, 6> key{};  ///< missing_kind, then of names_ as text_gap has them
        std::int64_t contacts = 0;
        std::int64_t tickets = 0;
    };

    void read_contact(open_ticket& about, const history_line& line);
    void read_decision(open_ticket& about, std::string_view json);
    std::uint32_t decided_in(std::string_view json);
    std::uint32_t number_of_decision(std::string_view json);
    decided_texts read_texts(std::string_view json);
    void end(ticket_id id, const history_line& line);
    void count(const open_ticket& done);
    void note_contact_again(customer_id whose, time_point at);
    void forget_before(time_point at);

    std::uint32_t text_number(const std::string& kind, const std::string& id);
    text_figures& figures_of(const std::string& kind, const std::string& id);
    std::uint32_t set_number(text_set set);
    std::uint32_t union_of(std::uint32_t one, std::uint32_t other);
    std::uint32_t gap_number(const std::array<std::uint32_t, 6>& key);

    name_table names_;    ///< of channels, languages, intents, stages and segments
    name_table decided_;  ///< of decisions: what they say of texts and groups; its numbers are places in decisions_
    std::vector<decided_texts> decisions_{{}};
    std::map<std::pair<std::string, std::string>, std::uint32_t> text_numbers_;  ///< by kind and id
    std::vector<text_figures> figures_;
    std::map<text_set, std::uint32_t> set_numbers_{{{}, 0}};
    std::vector<text_set> text_sets_{{}};
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> unions_;
    std::map<std::array<std::uint32_t, 6>, std::uint32_t> gap_numbers_;
    std::vector<gap_met> gaps_{{}};
    boost::unordered_flat_map<std::uint64_t, open_ticket> open_;
    /// Those of the last week in their order, numbered from first_resolved_ on, and each customer's last.
    std::deque<resolved_ticket> resolved_;
    std::uint64_t first_resolved_ = 1;
    boost::unordered_flat_map<std::uint64_t, std::uint64_t> last_resolved_of_;
    std::string members_;  ///< memory kept
};

}  // namespace kindred::insight
