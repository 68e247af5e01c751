# The folders that installing made on the way have the modes of the builder's umask: before they are packed, those of any
# system. A folder with a mode of its own in package.cmake keeps it.
file(GLOB_RECURSE found LIST_DIRECTORIES true ${CPACK_TEMPORARY_DIRECTORY}/*)
foreach(one IN LISTS found)
  if(IS_DIRECTORY ${one} AND NOT one MATCHES "/etc/gritd/credentials$")
    file(CHMOD ${one} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  endif()
endforeach()
