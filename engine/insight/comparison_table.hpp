#pragma once
#include "engine/insight/report_question.hpp"
#include "engine/insight/segment_study.hpp"

namespace kindred::insight {

/// Whether groups are real, as rows that a spreadsheet or a program takes: of each comparison one, behind it one of
/// each segment and of each pair of them, and at the end what follows, in words. What a row does not have is an empty
/// cell of CSV, and no member of a line of JSON. As JSON or a text it is to_json() or to_text() of the report.
std::string to_format(const segment_report& made, report_format format);

}  // namespace kindred::insight
