# `cmake --install build/release --prefix /usr/local`: the program, its manual, its completion for bash, its example
# configuration, and the library with the headers that sink.h needs. A program that embeds the sink says
# find_package(crmsink) and links crmsink::crmsink. The component `program` is all but the library; Package.cmake makes a
# package of it.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME program)
install(TARGETS crmsink)
install(TARGETS crmsink_lib EXPORT crmsink
  ARCHIVE COMPONENT library
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES src/sink.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/crmsink COMPONENT library)
install(FILES src/base/histogram.h src/base/result.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/crmsink/base COMPONENT library)
install(FILES src/event/delivery.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/crmsink/event COMPONENT library)
install(FILES config/crmsink.toml config/haproxy.cfg config/nginx.conf config/Caddyfile
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# What the program writes about itself.
install(CODE "
  function(written file)
    execute_process(COMMAND $<TARGET_FILE:crmsink> \${ARGN}
      OUTPUT_FILE ${CMAKE_BINARY_DIR}/\${file} COMMAND_ERROR_IS_FATAL ANY)
  endfunction()
  written(completion.bash completion bash)
  written(crmsink.1 man crmsink)
  written(crmsink.toml.5 man settings)")
install(FILES ${CMAKE_BINARY_DIR}/completion.bash RENAME crmsink
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/crmsink.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_BINARY_DIR}/crmsink.toml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/crmsink)
install(EXPORT crmsink NAMESPACE crmsink:: FILE crmsink-targets.cmake DESTINATION ${package_dir} COMPONENT library)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/crmsink-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/crmsink-config.cmake ${CMAKE_BINARY_DIR}/crmsink-config-version.cmake
  DESTINATION ${package_dir} COMPONENT library)
