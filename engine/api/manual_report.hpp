#pragma once
#include "engine/insight/report_question.hpp"
#include "engine/insight/text_usage.hpp"
#include "engine/store/store.hpp"

#include <string>

namespace kindred::rules {
class ruleset;
}

/// What became of scripts and articles, and where one is missing: from the store, for the API and the command.
namespace kindred::api {

/// Reads the histories between two moments. With rules every text of theirs has its row. Blocks.
result<insight::text_usage> follow_texts(store::store& from, time_point begin, time_point end,
                                         const rules::ruleset* rules);

/// {"report": "texts", "rows": [...]}, lines of JSON, or CSV.
std::string texts_in(insight::report_format format, const insight::text_usage& used);
/// {"report": "gaps", "rows": [...]}, those first that most contacts met.
std::string gaps_in(insight::report_format format, const insight::text_usage& used);

}  // namespace kindred::api
