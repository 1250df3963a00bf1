#include "engine/app/command_tree.hpp"

namespace kindred::app {

std::vector<const command_node*> flat(const command_node& root) {
    std::vector<const command_node*> all{&root};
    for (const auto& each : root.commands)
        for (const auto* below_it : flat(each)) all.push_back(below_it);
    return all;
}

}  // namespace kindred::app
