#!/bin/sh
# Đến Lượt: this user's browsers trust the site's own authority: Chromium and Chrome (NSS database of
# the user) and every profile of Firefox. No administrator's rights are needed.
set -eu
name="Đến Lượt @id@"
echo "Dấu vân tay (SHA-256) - so với tờ giấy của người quản trị:"
echo "Compare this fingerprint with the administrator's paper:"
echo "  @sha256@"
if [ -t 0 ]; then
    printf 'Giống không? / The same? [y/N] '
    read -r answer
    case $answer in
        y | Y | yes | g | giong) ;;
        *) echo "Không thay đổi gì. / Nothing was changed."; exit 1 ;;
    esac
fi
if ! command -v certutil >/dev/null; then
    echo "Thiếu certutil: sudo apt-get install libnss3-tools / certutil is missing" >&2
    exit 1
fi
file=$(mktemp)
trap 'rm -f "$file"' EXIT
cat >"$file" <<'END'
@pem@
END
mkdir -p "$HOME/.pki/nssdb"
[ -e "$HOME/.pki/nssdb/cert9.db" ] || certutil -N -d "sql:$HOME/.pki/nssdb" --empty-password
done=0
for database in "$HOME/.pki/nssdb" "$HOME"/.mozilla/firefox/*/ \
    "$HOME"/snap/firefox/common/.mozilla/firefox/*/ "$HOME"/snap/chromium/current/.pki/nssdb; do
    [ -e "$database/cert9.db" ] || continue
    certutil -A -d "sql:$database" -n "$name" -t "C,," -i "$file"
    done=$((done + 1))
done
echo "Xong ($done). Mời đóng rồi mở lại trình duyệt. / Done. Please close and reopen the browser."
