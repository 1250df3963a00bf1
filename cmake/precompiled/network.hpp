// What nearly every file of the modules that speak over sockets includes besides.
#include "base.hpp"

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
