# What `cmake --install` puts where, and the Debian package that `cpack` makes of it in the build folder. The worker lies in libexec,
# beside the libraries that are loaded when needed, where `latentgrid` looks for them; a link makes it a command for those who start workers by hand.
set(shell_files ${PROJECT_BINARY_DIR}/share)
file(MAKE_DIRECTORY ${shell_files})
add_custom_command(OUTPUT ${shell_files}/latentgrid.1.gz ${shell_files}/latentgrid.bash ${shell_files}/_latentgrid ${shell_files}/latentgrid.fish
  COMMAND sh -c "\"$1\" man | gzip -9n > latentgrid.1.gz && \"$1\" completion bash > latentgrid.bash && \"$1\" completion zsh > _latentgrid && \"$1\" completion fish > latentgrid.fish" sh $<TARGET_FILE:latentgrid>
  WORKING_DIRECTORY ${shell_files}
  DEPENDS latentgrid
  COMMENT "Manual page and completions, from the program's own definitions"
  VERBATIM)
add_custom_target(latentgrid-shell-files ALL DEPENDS ${shell_files}/latentgrid.1.gz)

install(TARGETS latentgrid RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(LATENTGRID_WITH_TORCH)
  install(TARGETS latentgrid-worker RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/latentgrid)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBEXECDIR BASE_DIRECTORY ${CMAKE_INSTALL_FULL_BINDIR} OUTPUT_VARIABLE libexec_from_bin)
  file(CREATE_LINK ${libexec_from_bin}/latentgrid/latentgrid-worker ${shell_files}/latentgrid-worker SYMBOLIC)
  install(FILES ${shell_files}/latentgrid-worker DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(TARGETS latentgrid-torch LIBRARY DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/latentgrid)
endif()
install(TARGETS latentgrid-figures latentgrid-silhouettes LIBRARY DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/latentgrid)
# For images: what starts one from outside, and what stands in it for the commands of Slurm, which are outside.
install(PROGRAMS scripts/container/latentgrid DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/latentgrid/container)
foreach(command sbatch scancel scontrol sinfo squeue)
  install(PROGRAMS scripts/container/on_host DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/latentgrid/container/on_host RENAME ${command})
endforeach()
install(FILES ${shell_files}/latentgrid.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${shell_files}/latentgrid.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME latentgrid)
install(FILES ${shell_files}/_latentgrid DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${shell_files}/latentgrid.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY experiments/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "the maintainers of latentgrid")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "sweeps of unsupervised image clustering")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "latentgrid runs a grid of autoencoders, reductions and clusterings over a set of images.
It does the work that jobs share only once, records losses and accuracies in SQLite,
and rebuilds tables and figures from there at any time.")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Not seen by dpkg-shlibdeps: the BLAS is chosen by the worker's run-time path, the font by its name.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libopenblas0-openmp, fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "dataset-fashion-mnist")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
