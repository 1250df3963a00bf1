#pragma once
#include "engine/api/call.hpp"
#include "engine/customers/note.hpp"
#include "engine/runtime/site.hpp"

#include <memory>
#include <vector>

namespace kindred::api {

/// Notes about customers. Whoever wrote one may change it, and supervisors may change all. Called on blocking threads.
class note_endpoints {
public:
    explicit note_endpoints(runtime::site& site) : site_(site) {}

    void list(std::shared_ptr<call> asked);
    void add(std::shared_ptr<call> asked);
    void change(std::shared_ptr<call> asked);
    void remove(std::shared_ptr<call> asked);

private:
    /// The note in the path, where whoever asks may change it.
    result<customers::note> changeable(const call& asked);
    void put(const std::shared_ptr<call>& asked, store::kept_row row);

    runtime::site& site_;
};

/// What a profile shows of them: all that are pinned and the latest `most`, in the order in which they were written.
/// Those of everybody who goes on as this customer are among them.
result<std::vector<customers::note>> notes_to_show(store::store& from, const customer& about, std::size_t most);
void write_note(json::writer& out, const customers::note& written);

}  // namespace kindred::api
