# The whole dependency rule of Kindred. A module may include and link only what its row names (and what those name).
# kindred_module() links from it; tools/check-layers reads this file and checks every #include.
# Order matters: a row may name only rows above it.
set(KINDRED_MODULES base domain settings conditions knowledge understanding rules dispatch channel store http mail customers runtime api load)

set(may_use_base          "")
set(may_use_domain        base)
set(may_use_settings      base)
set(may_use_conditions    base domain settings)
set(may_use_knowledge     base domain settings conditions)
set(may_use_understanding base domain settings conditions knowledge)
set(may_use_rules         base domain settings conditions knowledge)
set(may_use_dispatch      base domain)
set(may_use_channel       base domain)
set(may_use_store         base domain)
set(may_use_http          base)
set(may_use_mail          base)
set(may_use_customers     base domain store)
set(may_use_runtime       base domain settings conditions knowledge understanding rules dispatch channel store http customers)
set(may_use_api           base domain settings conditions knowledge understanding rules dispatch channel store http mail customers runtime)
set(may_use_load          base)
set(may_use_connector     base domain channel)

# Third-party libraries by module: what is not named here is neither linked nor included.
set(libraries_of_base       boost json crypto log)
set(libraries_of_domain     json)
set(libraries_of_settings   yaml)
set(libraries_of_conditions re2 icu)
set(libraries_of_knowledge  icu re2)
set(libraries_of_understanding icu liblinear fasttext cld2)
set(libraries_of_rules      icu re2 crypto)
set(libraries_of_dispatch   "")
set(libraries_of_channel    "")
set(libraries_of_store      sqlite xxhash)
set(libraries_of_http       boost tls curl)
set(libraries_of_mail       boost tls)
set(libraries_of_customers  "")
set(libraries_of_runtime    metrics)
set(libraries_of_api        argon2)
set(libraries_of_load       boost)
set(libraries_of_connector  html gmime crypto icu)

# Modules whose answer depends on their arguments alone: no Asio, no database, no clock, no randomness.
set(KINDRED_PURE_MODULES domain conditions knowledge understanding rules dispatch channel)
