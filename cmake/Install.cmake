# `cmake --install build/release --prefix /usr/local`: the program, its completion for bash, its example configuration,
# and the library with the headers that sink.h needs. A program that embeds the sink says find_package(crmsink) and links
# crmsink::crmsink.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

install(TARGETS crmsink)
install(TARGETS crmsink_lib EXPORT crmsink
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES src/sink.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/crmsink)
install(FILES src/base/result.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/crmsink/base)
install(FILES src/event/delivery.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/crmsink/event)
install(FILES config/crmsink.toml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

install(CODE "execute_process(COMMAND $<TARGET_FILE:crmsink> completion bash
  OUTPUT_FILE ${CMAKE_BINARY_DIR}/completion.bash COMMAND_ERROR_IS_FATAL ANY)")
install(FILES ${CMAKE_BINARY_DIR}/completion.bash RENAME crmsink
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/crmsink)
install(EXPORT crmsink NAMESPACE crmsink:: FILE crmsink-targets.cmake DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/crmsink-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/crmsink-config.cmake ${CMAKE_BINARY_DIR}/crmsink-config-version.cmake DESTINATION ${package_dir})
