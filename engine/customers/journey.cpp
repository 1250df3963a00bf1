#include "engine/customers/journey.hpp"

namespace kindred::customers {

customer first_seen(customer_id id, const contact& arrived, std::string_view display_name,
                    std::vector<identity> identities, time_point now) {
    customer person;
    person.id = id;
    person.identities = std::move(identities);
    person.created_at = now;
    note_contact(person, arrived, display_name, now);
    return person;
}

void note_contact(customer& person, const contact& arrived, std::string_view display_name, time_point now) {
    ++person.version;
    ++person.contacts;
    person.last_contact_at = now;
    if (person.name.empty()) person.name = display_name;
    if (person.language.empty()) person.language = arrived.language;
}

}  // namespace kindred::customers
