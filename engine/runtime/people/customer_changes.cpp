#include "engine/runtime/people/customer_changes.hpp"

#include "engine/customers/merge.hpp"
#include "engine/customers/note.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/people/joining.hpp"
#include "engine/runtime/people/moments.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/self_service/answering_itself.hpp"
#include "engine/runtime/sending/files.hpp"
#include "engine/runtime/surveys/answering.hpp"
#include "engine/runtime/tickets/redecision.hpp"

namespace kindred::runtime {
namespace {

constexpr std::size_t longest_tag = 64;
constexpr std::size_t most_tags = 50;
constexpr std::size_t longest_reason = 1'000;

store::unique_key key_of(const customer_change& wanted) {
    return {"idempotency#" + wanted.source, wanted.idempotency_key};
}

std::string answer_of(const customer& person, std::uint32_t noted = 0) {
    json::writer out;
    out.begin_object().member("customer", to_string(person.id)).member("version", person.version);
    if (noted > 0) out.member("note", noted);
    return out.end_object().take();
}

std::string repeated(customer_id whose, std::uint32_t noted) {
    json::writer out;
    out.begin_object().member("customer", to_string(whose));
    if (noted > 0) out.member("note", noted);
    return out.member("repeated", true).end_object().take();
}

result<void> check_tags(const std::vector<std::string>& tags) {
    if (tags.size() > most_tags) return fail(errc::invalid, "tags: at most 50");
    for (const auto& tag : tags)
        if (tag.empty() || tag.size() > longest_tag) return fail(errc::invalid, "tags: wants 1 to 64 bytes each");
    return {};
}

result<void> set_attributes(step& in, const std::string& source, const std::string& given, customer& into) {
    const auto parsed = json::document::parse(given);
    if (!parsed) return parsed.error();
    std::optional<error> wrong;
    parsed->root().for_each_member([&](std::string_view name, json::value each) {
        auto value = in.on().rules.customer_attribute(name, each);
        if (value)
            into.declared[std::string(name)] = {std::move(*value), source, in.now()};
        else if (!wrong)
            wrong = value.error();
    });
    if (wrong) return *wrong;
    return {};
}

/// The customer that a row from the store shows, or a newer copy of it.
result<customer*> taken(customer_book& book, const std::optional<store::customer_row>& row, customer_id named) {
    const auto nobody = [&] { return fail(errc::not_found, "there is no customer " + to_string(named)); };
    if (auto* here = book.find(named)) return here->erased_at ? result<customer*>(nobody()) : here;
    if (!row) return nobody();
    auto read = book.take(*row);
    if (!read) return read.error();
    // Merged between the look-up and now.
    auto* last = book.find((*read)->id);
    if (last == nullptr) return fail(errc::overloaded, "the customer was merged a moment ago: try again");
    return last->erased_at ? result<customer*>(nobody()) : last;
}

/// One function for each change. Nothing is changed where it is refused.
class changer {
public:
    changer(step& in, const customer_change& wanted) : in_(in), wanted_(wanted) {}

    result<std::string> operator()(const profile::set& given) const {
        return change_facts({.what = "facts"}, [&](customer& into) -> result<void> {
            if (given.tags) {
                if (auto fine = check_tags(*given.tags); !fine) return fine;
                into.tags = *given.tags;
            }
            if (given.name) into.name = *given.name;
            if (given.language) into.language = *given.language;
            return set_attributes(in_, wanted_.source, given.attributes, into);
        });
    }
    result<std::string> operator()(const profile::event& given) const {
        return change_facts({.what = "event", .name = given.name}, [&](customer& into) -> result<void> {
            const auto data = json::document::parse(given.data);
            if (!data) return data.error();
            return in_.on().rules.apply_event(into, given.name, data->root(), in_.now());
        });
    }
    result<std::string> operator()(const profile::place_pin& given) const {
        const auto& placed = given.placed;
        return change_facts({.what = "pin", .name = placed.dimension, .value = placed.value, .reason = placed.reason},
                            [&](customer& into) { return set_pin(placed, into); });
    }
    result<std::string> operator()(const profile::note& given) const {
        if (given.text.empty() || given.text.size() > customers::longest_note)
            return fail(errc::invalid, "text: wants 1 to 10000 bytes");
        const auto found = taken(book(), wanted_.stored, wanted_.customer);
        if (!found) return found.error();
        auto& about = **found;
        if (about.notes >= customers::most_notes) return fail(errc::conflict, "the customer has 100000 notes");
        customers::note written{about.id, ++about.notes, given.text, given.pinned, wanted_.source, in_.now(), {}, {}};
        in_.put_kept({std::string(note_rows), customers::key_of_note(about.id, written.number), in_.now(),
                      customers::to_json(written)});
        ++about.version;
        in_.touch(about);
        return done(about, static_cast<std::uint32_t>(written.number));
    }
    result<std::string> operator()(const profile::merge& given) const {
        if (given.reason.size() > longest_reason) return fail(errc::invalid, "reason: at most 1000 bytes");
        const auto from = taken(book(), wanted_.stored, wanted_.customer);
        if (!from) return from.error();
        const auto into = taken(book(), wanted_.other, given.into);
        if (!into) return fail(into.error().code, "into: " + into.error().message);
        if (auto fine = may_join(**from, **into); !fine) return fine.error();
        join(in_, **from, **into, wanted_.source, given.reason, wanted_.waiting);
        return done(**into);
    }
    result<std::string> operator()(const profile::unmerge& given) const {
        if (given.reason.size() > longest_reason) return fail(errc::invalid, "reason: at most 1000 bytes");
        auto* from = book().find_itself(wanted_.customer);
        if (from == nullptr && wanted_.stored) {
            const auto read = book().take(*wanted_.stored);
            if (!read) return read.error();
            from = *read;
        }
        if (from == nullptr) return fail(errc::not_found, "there is no customer " + to_string(wanted_.customer));
        if (!from->merged) return fail(errc::conflict, "customer " + to_string(from->id) + " is not merged");
        const auto other = from->merged->into;
        if (book().goes_on_as(other) != other)
            return fail(errc::conflict, "customer " + to_string(other) + " goes on as " +
                                            to_string(book().goes_on_as(other)) + ": undo that merge first");
        const auto into = taken(book(), wanted_.other, other);
        if (!into) return into.error();
        const auto before = **into;
        customers::unmerge(*from, **into, open_tickets_of(*from));
        book().unmerged(from->id);
        // Whatever showed them to be one would do so again.
        keep_apart(in_, from->id, (*into)->id, wanted_.source, given.reason);
        in_.audit(wanted_.source, "customer.unmerged", about(from->id), merge_detail((*into)->id, given.reason));
        for (const auto& each : from->identities) in_.identify(each.text, from->id);
        in_.put_kept({std::string(merge_rows), to_string(from->id), in_.now(), {}, true});
        in_.touch(*from);
        in_.touch(**into);
        rename_tickets(in_, *from);
        const auto unmerged_from = [&](customer_id other) {
            return customers::moment{
                .what = "unmerged", .by = wanted_.source, .name = to_string(other), .reason = given.reason};
        };
        note_moment(in_, unmerged_from(from->id), before, **into);
        note_moment(in_, unmerged_from((*into)->id), *from, *from);
        redecide(in_, {**into, before, **into}, wanted_.waiting);
        redecide(in_, {*from, before, *from}, wanted_.waiting);
        return done(*from);
    }

    result<std::string> operator()(const profile::erase& given) const {
        if (given.reason.size() > longest_reason) return fail(errc::invalid, "reason: at most 1000 bytes");
        const auto found = taken(book(), wanted_.stored, wanted_.customer);
        if (!found) return found.error();
        const auto gone = **found;
        if (const auto open = open_tickets_of(gone); open > 0)
            return fail(errc::conflict,
                        "the customer has " + std::to_string(open) + " open tickets: resolve them first");
        auto tickets = given.tickets;
        in_.on().tickets.for_each([&](const ticket& each) {
            if (is_or_goes_on_as(each.customer, gone)) tickets.push_back(each.id);
        });
        std::sort(tickets.begin(), tickets.end());
        tickets.erase(std::unique(tickets.begin(), tickets.end()), tickets.end());
        for (const auto& [id, message] : in_.on().messages)
            if (std::binary_search(tickets.begin(), tickets.end(), message.ticket))
                return fail(errc::conflict,
                            "a message to the customer is still being sent: try again when it is settled");
        for (const auto id : tickets) in_.erase(id);
        for (const auto& row : given.rows) take_away(in_, row);
        for (const auto& stop : in_.on().consents.of(subject_of(gone.id))) (void)allow_again(in_, stop);
        for (const auto& each : gone.identities) {
            for (const auto& stop : in_.on().consents.of(each.text)) (void)allow_again(in_, stop);
            in_.unidentify(each.text);
        }
        auto everybody = gone.merged_from;
        everybody.push_back(gone.id);
        for (const auto id : everybody) forget(id, gone.version);
        json::writer detail;
        detail.begin_object().member("tickets", tickets.size()).member_if("reason", given.reason).end_object();
        in_.audit(wanted_.source, "customer.erased", about(gone.id), detail.take());
        keep_key();
        json::writer out;
        out.begin_object().member("customer", to_string(gone.id)).member("erased", true);
        return out.member("tickets", tickets.size()).end_object().take();
    }

    result<std::string> operator()(const profile::survey_answers& given) const {
        const auto found = taken(book(), wanted_.stored, wanted_.customer);
        if (!found) return found.error();
        auto* about = in_.on().tickets.find(given.ticket);
        if (about == nullptr && given.known) {
            const auto adopted = in_.on().tickets.adopt(*given.known, in_.on().batch);
            if (!adopted) return adopted.error();
            about = *adopted;
        }
        if (about == nullptr) return fail(errc::not_found, "there is no ticket " + to_string(given.ticket));
        if (const auto sent = sent_article_of(*about); sent && sent->entry == given.entry) {
            const auto said = given.answers.empty() ? std::nullopt : article_word_named(given.answers.front().choice);
            if (!said) return fail(errc::invalid, "said: wants helped or person");
            if (auto noted = word_on_article_by_link(in_, *about, given.entry, *said); !noted) return noted.error();
            return done(**found);
        }
        if (auto noted = answer_by_link(in_, *about, **found, given, wanted_.waiting); !noted) return noted.error();
        return done(**found);
    }

    result<std::string> operator()(const profile::introduce& given) const {
        const auto found = taken(book(), wanted_.stored, wanted_.customer);
        if (!found) return found.error();
        auto& about = **found;
        const auto before = about;
        if (about.name.empty()) about.name = given.as.name;
        if (about.language.empty()) about.language = given.as.language;
        for (std::size_t i = 0; i < given.as.identities.size(); ++i) {
            const auto& each = given.as.identities[i];
            // Of somebody already: nobody is joined for what a provider says, and what is known stays.
            if (book().find(each.text) != nullptr || given.owners[i]) continue;
            about.identities.push_back(each);
            in_.identify(each.text, about.id);
        }
        const bool named = about.name != before.name;
        if (!named && about.language == before.language && about.identities.size() == before.identities.size())
            return done(about);
        ++about.version;
        in_.touch(about);
        if (named) rename_tickets(in_, about);
        redecide(in_, {about, before, about}, wanted_.waiting);
        return done(about);
    }

private:
    static std::string about(customer_id id) { return "customer:" + to_string(id); }
    static std::string merge_detail(customer_id other, const std::string& reason) {
        json::writer out;
        out.begin_object().member("other", about(other)).member_if("reason", reason);
        return out.end_object().take();
    }

    /// Only the number is left, so that it is never given to somebody else.
    void forget(customer_id id, std::uint64_t version) const {
        book().unmerged(id);
        for (const auto& who : in_.on().joins.of(id)) forget_pair(in_, who);
        in_.put_kept({std::string(merge_rows), to_string(id), in_.now(), {}, true});
        customer left;
        left.id = id;
        left.version = version + 1;
        left.erased_at = in_.now();
        auto* here = book().find_itself(id);
        if (here == nullptr)
            here = &book().add(std::move(left));
        else
            *here = std::move(left);
        in_.touch(*here);
    }

    customer_book& book() const { return in_.on().customers; }

    /// `happened`: as note_moment() takes it.
    template <class Change>
    result<std::string> change_facts(customers::moment happened, const Change& change) const {
        const auto found = taken(book(), wanted_.stored, wanted_.customer);
        if (!found) return found.error();
        const auto before = **found;
        auto after = before;
        if (auto applied = change(after); !applied) return applied.error();
        ++after.version;
        after.known = true;
        **found = after;
        in_.touch(**found);
        happened.by = wanted_.source;
        note_moment(in_, std::move(happened), before, after);
        redecide(in_, {after, before, after}, wanted_.waiting);
        return done(after);
    }

    /// A pin takes the place of the one in the same dimension.
    result<void> set_pin(pin placed, customer& into) const {
        const bool takes_away = placed.value.empty();
        if (!takes_away)
            if (auto fine = in_.on().rules.check_pin(placed.dimension, placed.value); !fine) return fine;
        const auto before = into.pins.size();
        std::erase_if(into.pins, [&](const pin& each) { return each.dimension == placed.dimension; });
        if (takes_away && into.pins.size() == before)
            return fail(errc::not_found, "dimension: nothing is pinned in \"" + placed.dimension + '"');
        if (takes_away) return {};
        placed.by = wanted_.source;
        placed.at = in_.now();
        into.pins.push_back(std::move(placed));
        return {};
    }

    std::int64_t open_tickets_of(const customer& person) const {
        std::int64_t count = 0;
        in_.on().tickets.for_each([&](const ticket& each) {
            if (each.status != store::ticket_status::resolved && is_or_goes_on_as(each.customer, person)) ++count;
        });
        return count;
    }

    void keep_key(std::uint32_t noted = 0) const {
        if (!wanted_.idempotency_key.empty()) in_.use_key(key_of(wanted_), ticket_id{}, noted);
    }

    result<std::string> done(const customer& person, std::uint32_t noted = 0) const {
        keep_key(noted);
        return answer_of(person, noted);
    }

    step& in_;
    const customer_change& wanted_;
};

}  // namespace

std::optional<store::unique_key> idempotency_key_of(const customer_change& wanted) {
    if (wanted.idempotency_key.empty()) return std::nullopt;
    return key_of(wanted);
}

result<std::string> change_customer(step& in, const customer_change& wanted) {
    if (!wanted.idempotency_key.empty()) {
        if (wanted.repeated) return repeated(wanted.customer, wanted.noted);
        if (const auto before = in.on().keys.find(key_of(wanted))) return repeated(wanted.customer, before->entry);
    }
    return std::visit(changer{in, wanted}, wanted.what);
}

}  // namespace kindred::runtime
