#pragma once
#include "engine/app/config.hpp"

namespace kindred::app {

/// Reads `channels:` into `into`, making each channel's connector. `folder` is what file names are relative to.
void read_channels(const settings::field& given, const std::filesystem::path& folder, config& into);

/// An address that the admin wrote down may be called though it is on this machine; nothing that arrives can name
/// others.
void trust_host_of(const std::string& address, config& into);

/// Reads a people.yaml. A missing file is a problem at `named`.
std::vector<seeded_person> read_people(const settings::field& named, const std::filesystem::path& file,
                                       std::vector<settings::diagnostic>& problems);

/// "127.0.0.1:8080" or "[::1]:8080".
std::optional<listen_address> read_listen_address(const settings::field& given);

}  // namespace kindred::app
