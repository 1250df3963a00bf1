/// How jemalloc goes about its work (its manual's "TUNING"), read by it before main(). A contact's memory is taken by
/// the thread that reads it and given back by those that route and store it: arenas by processor and larger caches of
/// threads let what was given back be taken again without a lock. What a busy engine keeps grows by pages of 2 MiB
/// where the system has them: a tenth of a contact was the kernel handing out small ones. The environment's MALLOC_CONF
/// has the last word.
extern "C" const char* malloc_conf;
const char* malloc_conf =
    "thp:always,percpu_arena:percpu,lg_tcache_nslots_mul:3,tcache_nslots_small_max:4000,dirty_decay_ms:30000";
