#pragma once
#include "engine/app/config.hpp"

namespace kindred::app {

/// The raw keys of secrets as Standard Webhooks writes them; what is none is a problem of `given`.
std::vector<std::string> webhook_keys_of(const std::vector<std::string>& secrets, const settings::field& given);

/// `crm`: who tells of customers, and who is asked about them.
void read_crm(const settings::field& given, const std::filesystem::path& folder, config& into);
/// `retention`: for how long what is kept.
void read_retention(const settings::field& given, config& into);
/// `customers`: how often is looked for those who may be one.
void read_joins(const settings::field& given, config& into);

}  // namespace kindred::app
