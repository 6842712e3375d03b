# Makes the managed packages; in script mode. Not while the same projects are published: their intermediate files are the same.
#
# usage: cmake -D LOCK=FILE -D PACKAGES=DIR -P PackManaged.cmake
file(LOCK "${LOCK}" TIMEOUT 3600)
foreach(project Core Protocol Client Master Follower)
  execute_process(
    COMMAND dotnet pack "${CMAKE_CURRENT_LIST_DIR}/../src/${project}" --configuration Release --output "${PACKAGES}" --nologo
            --verbosity quiet COMMAND_ERROR_IS_FATAL ANY)
endforeach()
