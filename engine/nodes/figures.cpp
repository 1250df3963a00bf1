#include "engine/nodes/figures.hpp"

#include <prometheus/text_serializer.h>

namespace kindred::nodes {
namespace {

auto& a_counter(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
auto& a_gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

}  // namespace

figures::figures()
    : registry_(std::make_shared<prometheus::Registry>()),
      leads_(
          a_gauge(*registry_, "kindred_node_leads", "1 on the node that decides for its site, 0 on those that follow")
              .Add({})),
      forwarded_(a_counter(*registry_, "kindred_forwarded_requests_total",
                           "Requests for the node that leads, by what came of passing them on")),
      ingested_(a_counter(*registry_, "kindred_inbox_deliveries_total",
                          "Deliveries taken in for the node that leads, by outcome")),
      inbox_(a_gauge(*registry_, "kindred_inbox_undecided", "Deliveries taken in by other nodes and not decided yet")
                 .Add({})),
      relays_(
          a_gauge(*registry_, "kindred_relayed_sockets", "Desks and chats passed on to the node that leads").Add({})),
      relays_moved_(a_counter(*registry_, "kindred_relayed_sockets_moved_total",
                              "Times that a desk or chat was connected to the node that leads anew")
                        .Add({})) {}

std::string figures::text() const { return prometheus::TextSerializer().Serialize(registry_->Collect()); }

}  // namespace kindred::nodes
