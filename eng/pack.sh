#!/usr/bin/env bash
# Packs every package into a folder: eng/pack.sh [folder], artifacts/packages by default.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-artifacts/packages}
for project in src/*/*.csproj; do
  dotnet pack "$project" -c Release -o "$folder" --nologo -v quiet
done
ls "$folder"
