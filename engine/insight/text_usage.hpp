#pragma once
#include "engine/insight/ticket_story.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
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

/// Collects from histories: the lines of one ticket in their order, of different ones in the order of their time.
class text_usage {
public:
    static std::vector<std::string> kinds();
    static std::vector<std::string> kinds_with_json();
    static std::vector<std::string> kinds_with_ticket();

    void take(const history_line& line);
    /// A text that exists has its row, though nothing became of it.
    void know(const std::string& kind, const std::string& id) { (void)figures_[{kind, id}]; }
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
    using text_key = std::pair<std::string, std::string>;  ///< kind, id
    using gap_key = std::array<std::string, 6>;
    struct open_ticket {
        customer_id whose;
        std::string channel;
        std::string language;
        std::string intent;
        std::int64_t contacts = 0;
        std::set<text_key> offered;  ///< by its latest decision
        std::set<text_key> shown;
        std::vector<gap_key> gaps;
        bool decided = false;
    };
    struct resolved_ticket {
        customer_id whose;
        time_point at;
        std::set<text_key> texts;
        bool again = false;
    };

    void read_contact(open_ticket& about, const history_line& line);
    void read_decision(open_ticket& about, std::string_view json);
    void show(open_ticket& about);
    void end(ticket_id id, const history_line& line);
    void count(const open_ticket& done);
    void note_contact_again(customer_id whose, time_point at);

    std::unordered_map<ticket_id, open_ticket> open_;
    std::map<text_key, text_figures> figures_;
    std::map<gap_key, std::pair<std::int64_t, std::int64_t>> gaps_;  ///< contacts, tickets
    std::unordered_map<customer_id, std::vector<resolved_ticket>> resolved_;
};

}  // namespace kindred::insight
