# What is installed, and the Debian package: `ninja package` or cpack leave gritd_VERSION_ARCH.deb.
include(GNUInstallDirs)
set(PACKAGE_SOURCES ${CMAKE_SOURCE_DIR}/systemd/debian)
set(PACKAGE_FILES ${CMAKE_BINARY_DIR}/package)
file(MAKE_DIRECTORY ${PACKAGE_FILES})

# Pages of the manual and completion come out of gritctl, so they say what its tables say.
set(PACKAGE_MADE)
function(package_makes file command)
  add_custom_command(OUTPUT ${PACKAGE_FILES}/${file} DEPENDS gritctl ${ARGN}
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C.UTF-8 sh -c "${command} > ${PACKAGE_FILES}/${file}" VERBATIM)
  list(APPEND PACKAGE_MADE ${PACKAGE_FILES}/${file})
  set(PACKAGE_MADE ${PACKAGE_MADE} PARENT_SCOPE)
endfunction()
set(CTL $<TARGET_FILE:gritctl>)
foreach(page gritctl.1 gritd.8 gritd.yaml.5 gritd-plugins.5)
  string(REGEX REPLACE "\\.[0-9]$" "" name ${page})
  string(REGEX REPLACE ".*\\." "" section ${page})
  package_makes(${page}.gz "${CTL} manual ${name} | gzip -9n")
  install(FILES ${PACKAGE_FILES}/${page}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
foreach(shell bash zsh fish)
  package_makes(gritctl.${shell} "${CTL} completion ${shell}")
endforeach()
package_makes(changelog.gz "gzip -9nc ${PACKAGE_SOURCES}/changelog" ${PACKAGE_SOURCES}/changelog)
# for further chat accounts: the lines of gritd.service with folders of each instance's own
set(UNITS ${CMAKE_SOURCE_DIR}/systemd)
package_makes(gritd@.service "sed -f ${UNITS}/instance.sed ${UNITS}/gritd.service" ${UNITS}/instance.sed
  ${UNITS}/gritd.service)
if(CMAKE_BUILD_TYPE MATCHES "Rel")
  add_custom_target(package_files ALL DEPENDS ${PACKAGE_MADE})
endif()

set(DATA ${CMAKE_INSTALL_DATADIR})
set(DOC ${DATA}/doc/gritd)
install(TARGETS gritd gritctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY plugins DESTINATION ${DATA}/gritd)
file(GLOB SCHEMAS config/*.schema.json)
install(FILES ${SCHEMAS} DESTINATION ${DATA}/gritd/config)
install(DIRECTORY config/monitoring DESTINATION ${DATA}/gritd/config)
install(FILES ${PACKAGE_FILES}/gritctl.bash DESTINATION ${DATA}/bash-completion/completions RENAME gritctl)
install(FILES ${PACKAGE_FILES}/gritctl.zsh DESTINATION ${DATA}/zsh/vendor-completions RENAME _gritctl)
install(FILES ${PACKAGE_FILES}/gritctl.fish DESTINATION ${DATA}/fish/vendor_completions.d)
file(CREATE_LINK gritctl ${PACKAGE_FILES}/gritd SYMBOLIC)
file(CREATE_LINK gritctl.fish ${PACKAGE_FILES}/gritd.fish SYMBOLIC)
install(FILES ${PACKAGE_FILES}/gritd DESTINATION ${DATA}/bash-completion/completions)
install(FILES ${PACKAGE_FILES}/gritd.fish DESTINATION ${DATA}/fish/vendor_completions.d)

install(FILES systemd/gritd.service ${PACKAGE_FILES}/gritd@.service DESTINATION lib/systemd/system)
install(FILES systemd/gritd.sysusers DESTINATION lib/sysusers.d RENAME gritd.conf)
set(ETC ${CMAKE_INSTALL_FULL_SYSCONFDIR})
install(FILES config/gritd.yaml config/people.yaml config/pipeline.yaml DESTINATION ${ETC}/gritd)
install(DIRECTORY DESTINATION ${ETC}/gritd/plugins)
install(DIRECTORY DESTINATION ${ETC}/gritd/credentials
  DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
install(FILES systemd/gritd.apparmor DESTINATION ${ETC}/apparmor.d RENAME gritd)

install(FILES ${PACKAGE_FILES}/changelog.gz ${PACKAGE_SOURCES}/copyright README.md SECURITY.md DESTINATION ${DOC})
install(DIRECTORY docs/ DESTINATION ${DOC}/docs FILES_MATCHING PATTERN "*.md")
install(DIRECTORY config/plugins DESTINATION ${DOC}/examples)
install(FILES config/slack-manifest.yaml DESTINATION ${DOC}/examples)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gritd)
set(CPACK_PACKAGE_CONTACT "gritd maintainers <gritd@example.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "coaching daemon for sales teams")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"It holds a websocket to the team's chat, hears what happens in the sales
pipeline, and at the right moment sends a rep one good question about the
stage a deal is in. Effort that really happened reaches the manager, who
passes the praise on. Managers write the rules as YAML that reads aloud.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/package_modes.cmake)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# what no scan of the binaries can see: a plugin of libwebsockets, the zones, the roots, the user
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "libwebsockets-evlib-uv, tzdata, ca-certificates, systemd | systemd-standalone-sysusers")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "apparmor, sqlite3")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PACKAGE_SOURCES}/postinst ${PACKAGE_SOURCES}/prerm
  ${PACKAGE_SOURCES}/postrm ${PACKAGE_SOURCES}/conffiles)
include(CPack)
