# Run by cpack before it makes the Debian packages of what was installed for each: adds what Debian asks
# of a package, as debhelper would.

set(source_dir "${CMAKE_CURRENT_LIST_DIR}/../..")
set(folder_permissions OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                       WORLD_EXECUTE)
set(file_permissions OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)

# The time of the release is the commit's (SOURCE_DATE_EPOCH, see make-packages).
string(TIMESTAMP time "%a, %d %b %Y %H:%M:%S +0000" UTC)

function(compress file)
  execute_process(COMMAND gzip -9n "${file}" COMMAND_ERROR_IS_FATAL ANY)
  file(CHMOD "${file}.gz" PERMISSIONS ${file_permissions})
endfunction()

function(complete staged package)
  set(docs "${staged}/usr/share/doc/${package}")
  file(MAKE_DIRECTORY "${docs}")
  file(COPY "${source_dir}/cmake/debian/copyright" DESTINATION "${docs}" FILE_PERMISSIONS ${file_permissions})
  file(WRITE "${docs}/changelog" "interop-sessions (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * docs/CHANGELOG.md of interop-sessions-doc tells what has changed.

 -- ${CPACK_PACKAGE_CONTACT}  ${time}
")
  compress("${docs}/changelog")

  file(GLOB pages "${staged}/usr/share/man/man*/*[1-8]")
  foreach(page IN LISTS pages)
    compress("${page}")
  endforeach()

  # What has a program or the library in it has other people's code in it.
  file(GLOB binaries "${staged}/usr/bin/*" "${staged}/usr/lib/*/*.so.*")
  if(binaries)
    file(COPY "${source_dir}/THIRD-PARTY-NOTICES" DESTINATION "${docs}" FILE_PERMISSIONS ${file_permissions})
  endif()

  set(overrides "${source_dir}/cmake/debian/lintian/${package}")
  if(EXISTS "${overrides}")
    file(COPY "${overrides}" DESTINATION "${staged}/usr/share/lintian/overrides"
         FILE_PERMISSIONS ${file_permissions})
  endif()

  file(GLOB_RECURSE folders LIST_DIRECTORIES true "${staged}/usr/share/*")
  foreach(folder IN LISTS folders)
    if(IS_DIRECTORY "${folder}")
      file(CHMOD "${folder}" PERMISSIONS ${folder_permissions})
    endif()
  endforeach()
endfunction()

file(GLOB groups "${CPACK_TEMPORARY_DIRECTORY}/*")
foreach(group IN LISTS groups)
  get_filename_component(name "${group}" NAME)
  string(TOUPPER "${name}" upper)
  if(IS_DIRECTORY "${group}" AND DEFINED CPACK_DEBIAN_${upper}_PACKAGE_NAME)
    complete("${group}" "${CPACK_DEBIAN_${upper}_PACKAGE_NAME}")
  endif()
endforeach()
