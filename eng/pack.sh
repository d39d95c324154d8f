#!/usr/bin/env bash
# Packs every package into a folder: eng/pack.sh [folder], artifacts/packages by default.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/artifacts/packages}
dotnet pack "$root/eng/packages.slnf" -c Release -o "$folder" --nologo -v quiet
ls "$folder"
