# The package for Debian: tools/package, or `cpack` in a build directory. It has the component `program` of Install.cmake and
# what a service needs; the scripts in package/ make its user and start it.
#
# Its configuration is the example with every default as a comment, so that a later default is not held back by a file
# that nobody changed, and with the places that a service's files have.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS config/crmsink.toml)
file(READ config/crmsink.toml example)
string(REGEX REPLACE "\n([a-z-]+ = )" "\n# \\1" example "${example}")
foreach(place "database = \"sqlite:|crmsink.db" "file = \"|crmsink-spool.db")
  string(REPLACE "|" ";" place "${place}")
  list(GET place 0 key)
  list(GET place 1 file)
  set(before "${example}")
  string(REPLACE "# ${key}${file}\"" "${key}/var/lib/crmsink/${file}\"" example "${example}")
  if(before STREQUAL example)
    message(FATAL_ERROR "config/crmsink.toml has no line '${key}${file}' any more")
  endif()
endforeach()
file(WRITE ${CMAKE_BINARY_DIR}/package/crmsink.toml "${example}")

# From the prefix, /usr: an absolute path would be installed on this machine.
set(distribution EXCLUDE_FROM_ALL COMPONENT distribution)
install(FILES config/crmsink.service config/crmsink.socket DESTINATION lib/systemd/system ${distribution})
install(FILES ${CMAKE_BINARY_DIR}/package/crmsink.toml DESTINATION ../etc/crmsink ${distribution})
install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/crmsink ${distribution})
install(FILES README.md CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/crmsink ${distribution})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/crmsink/docs ${distribution})

set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL program distribution)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGE_NAME crmsink)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "receiver of HighLevel webhooks that keeps tables in SQLite or PostgreSQL")
set(CPACK_PACKAGE_CONTACT "The crmsink developers <crmsink@localhost>")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, libpq5 (>= 14)")  # which the program opens by itself
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "sqlite3")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
foreach(script conffiles postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/package/${script})
endforeach()
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
