#!/usr/bin/env bash
# Fetches what vendor.json names, each package with npm pack, and writes their hashes down. Run it after changing a version here.
set -euo pipefail

uplot=1.6.32
inter=5.3.0

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# take NAME PACKAGE VERSION FILE... : copies files of a package to NAME-VERSION/.
take() {
  local name=$1 package=$2 version=$3
  shift 3
  (cd "$scratch" && npm pack --silent "$package@$version" >/dev/null && mkdir "$name" && tar -xzf ./*.tgz -C "$name" --strip-components=1 && rm ./*.tgz)
  rm -rf "$name"-*
  mkdir "$name-$version"
  for file in "$@"; do cp "$scratch/$name/$file" "$name-$version/"; done
  chmod 644 "$name-$version"/*
}

# list PACKAGE LICENCE FOLDER : its entry of vendor.json.
list() {
  printf '  { "package": "%s", "version": "%s", "licence": "%s", "folder": "%s", "sha256": {\n' "$1" "${3##*-}" "$2" "$3"
  (cd "$3" && sha256sum -- * | sed 's/^\([0-9a-f]*\)  \(.*\)$/    "\2": "\1",/; $ s/,$//')
  printf '  } }'
}

take uplot uplot "$uplot" dist/uPlot.esm.js dist/uPlot.min.css LICENSE
take inter @fontsource-variable/inter "$inter" files/inter-latin-wght-normal.woff2 LICENSE

{
  printf '[\n'
  list uplot MIT "uplot-$uplot"
  printf ',\n'
  list @fontsource-variable/inter OFL-1.1 "inter-$inter"
  printf '\n]\n'
} >vendor.json
