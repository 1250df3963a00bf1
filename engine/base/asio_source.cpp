// The one place where Asio is compiled (BOOST_ASIO_SEPARATE_COMPILATION); every module that speaks it links from here.
#include <boost/asio/impl/src.hpp>
