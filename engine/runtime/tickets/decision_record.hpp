#pragma once
#include "engine/rules/decision.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// What is kept with a ticket of how it was decided and what came of it: `ticket::decision`, read.
struct decision_record {
    std::string priority;
    bool priority_set = false;  ///< by a person: what is decided later leaves it
    std::string stage;
    std::vector<rules::chosen_segment> segments;
    std::int64_t redecided = 0;          ///< how often for changed facts
    std::int64_t transfers = 0;          ///< by hand
    std::vector<std::string> escalated;  ///< escalations that were carried out, by name
    std::string merged_into;             ///< the ticket that goes on instead; empty: none
    std::string incident;                ///< number of the incident it belongs to; empty: none
    std::string consulted;               ///< number of the agent who is asked about it; empty: nobody
    bool callback = false;               ///< its customer hung up and is called when an agent accepts
    bool over_capacity = false;          ///< its holder has more than its capacity since it came
    bool words_gone = false;             ///< nothing is left of what was written (words_gone.hpp)
    std::string self_service;            ///< JSON: engine/runtime/self_service/sent_article.hpp; empty: none was sent
    std::string survey;                  ///< JSON: engine/runtime/surveys/asked_survey.hpp; empty: nobody was asked
};

decision_record record_of(const ticket& about);
/// The same as record_of().transfers and record_of().redecided, and much cheaper where they are 0.
std::int64_t transfers_of(const ticket& about);
std::int64_t redecisions_of(const ticket& about);

/// Writes these back; what else is kept stays.
void keep_record(ticket& about, const decision_record& record);

/// Whether something is kept under this name: a cheap look, for what most tickets lack.
bool has_kept(const ticket& about, std::string_view name);

}  // namespace kindred::runtime
