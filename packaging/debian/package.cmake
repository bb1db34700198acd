# querent_VERSION_amd64.deb; VERSION names the Debian release that it is built on, and for.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME querent)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "The maintainers of Querent <maintainers@querent.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE "1~deb${QUERENT_DEBIAN}")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "label pictures and sounds with active learning")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Querent asks about the items that its model would learn most from, keeps every
answer in one SQLite file at once, trains in the background on the processor or
GPU of this machine, measures itself on a holdout, and asks again. It opens no
network connection.

Boxes are drawn on pictures or on the spectrograms of sounds; classes are
given to items that are a picture, a sound, a text or all of them together.
VOC, COCO, YOLO, CSV, Audacity, Raven and Label Studio are read and written.

querent is the desktop program, querent-cli the same without a screen.")

# What the programs are linked with is found by dpkg-shlibdeps. What they load at run time is not:
# - Qt's plugins for the screen (also the one without a screen, for --screenshots) and for SVG icons, where a release
#   has them in packages of their own; for sound, which is wanted but not needed;
# - what takes HEIC and AVIF pictures apart, where a release has it outside of libheif;
# - a font, without which a window has no letters;
# - a fast BLAS: LibTorch is content with the reference one, which makes training on one thread a fifth slower. With
#   OpenMP first: LibTorch's own threads are those of OpenMP, so what limits the ones limits the others.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "libopenblas0-openmp | libopenblas0-pthread | libopenblas0-serial | libblis4-openmp | libblis4-pthread | libblis4-serial, \
fonts-dejavu-core | fonts-dejavu | fonts-noto-core, qt6-svg-plugins | libqt6svg6 (<< 6.7), \
libheif-plugin-libde265 | libheif1 (<< 1.16), \
libheif-plugin-dav1d | libheif-plugin-aomdec | libheif1 (<< 1.16)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "hicolor-icon-theme, qt6-wayland, shared-mime-info")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, pipewire-pulse | pulseaudio")
include(CPack)
