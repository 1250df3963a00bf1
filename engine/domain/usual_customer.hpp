#pragma once
#include "engine/domain/customer.hpp"

namespace kindred {

/// Reads the stored form of a customer of whom nothing is unusual: nobody was merged or erased, no text has escapes, no
/// attribute is a list. Nearly everybody is like that, and is read a microsecond sooner than by a parser. False: it is
/// not; then `into` is not to be used, and the text has to be parsed.
bool read_usual_customer(std::string_view text, customer& into);

}  // namespace kindred
