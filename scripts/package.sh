#!/usr/bin/env bash
# Makes build/release/querent_VERSION_amd64.deb for the Debian release that it runs on: builds the two programs and what is
# installed beside them, checks the files that desktops read, and looks over the package with lintian.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh dpkg-dev file librsvg2-bin desktop-file-utils appstream lintian man-db
scripts/build.sh release querent_install

desktop-file-validate packaging/querent.desktop
appstreamcli validate --pedantic --no-net build/release/packaging/org.querent.querent.metainfo.xml
for page in build/release/packaging/man/*.1; do
    LC_ALL=C.UTF-8 man --warnings=w -l "$page" 2>&1 >/dev/null | { ! grep .; }
done

# The same sources give the same package: its files are as old as the newest commit, or as the changelog without git.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}"
export SOURCE_DATE_EPOCH
(cd build/release && umask 022 && cpack -G DEB)
package="$(ls -t build/release/querent_*_*.deb | head -n 1)"
lintian --fail-on error "$package"
echo "The package is $package"
