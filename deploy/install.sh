#!/bin/sh
# Cài Đến Lượt từ thẻ nhớ này / Install Đến Lượt from this stick:
#     sudo sh install.sh [--role server|kiosk|board|counter|all] [--check]
# Everything comes from the stick and is checked by apt against the key that lies on it.
set -eu

stick=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
role='' check='' expected='' root=/

# Every message in Vietnamese, then in English.
say() { printf '%s\n' "$@" >&2; }
stop() {
    say "$@"
    exit 1
}
usage() {
    cat <<'TEXT'
Cách dùng / Usage:  sudo sh install.sh [tùy chọn / options]
  --role ROLE      server | kiosk | board | counter | all: máy này dùng làm gì
                   (không có: hỏi) / what this machine is for (left out: asks)
  --check          chỉ kiểm tra thẻ nhớ, không cài gì / only check the stick, install nothing
  --fingerprint HEX  SHA-256 của khóa in trên giấy: so sánh thay cho câu hỏi
                   / the key's SHA-256 as printed: compared instead of asking
TEXT
}

while [ $# -gt 0 ]; do
    case $1 in
        --role | --fingerprint | --root)
            [ $# -gt 1 ] || stop "$1: thiếu giá trị / needs a value"
            case $1 in --role) role=$2 ;; --fingerprint) expected=$2 ;; --root) root=$2 check=yes ;; esac
            shift
            ;;
        --check) check=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
    shift
done

case $role in
    '' | server | kiosk | board | counter | all) ;;
    *) stop "--role: server, kiosk, board, counter, all" ;;
esac
[ -n "$check" ] || [ "$(id -u)" = 0 ] || stop \
    "Xin chạy bằng quyền quản trị: sudo sh $0" "Please run it as root: sudo sh $0"

# --- Which Debian ----------------------------------------------------------------------------
codename=$(sed -n 's/^VERSION_CODENAME=//p' "$root/etc/os-release" | tr -d '"')
case $codename in
    bookworm | trixie) ;;
    *) stop "Máy này không phải Debian 12 hay 13 (VERSION_CODENAME=$codename)." \
        "This machine is neither Debian 12 nor 13 (VERSION_CODENAME=$codename)." ;;
esac
[ -f "$stick/$codename/InRelease" ] || stop \
    "Thẻ nhớ này không có bản cho $codename." "This stick has nothing for $codename."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# --- The key ---------------------------------------------------------------------------------
# Read once: what is compared is what apt then trusts. A key that this machine trusted before is
# not asked about again.
key=$work/denluot-archive.gpg
known=$root/etc/denluot/archive-key.gpg
cp "$stick/denluot-archive.gpg" "$key"
digest=$(sha256sum "$key" | cut -d' ' -f1)
say "" "Khóa của thẻ nhớ này (SHA-256) / The key of this stick (SHA-256):" ""
say "    $(printf '%s' "$digest" | sed 's/..../& /g')" ""
if [ -n "$expected" ]; then
    [ "$(printf '%s' "$expected" | tr -d ' :\n' | tr A-F a-f)" = "$digest" ] || stop \
        "Khóa KHÁC với dấu vân tay đã cho. Không cài gì." \
        "The key is NOT the one of the given fingerprint. Nothing was installed."
elif [ -f "$known" ]; then
    cmp -s "$known" "$key" || stop \
        "Khóa KHÁC với khóa của lần cài trước. Không cài gì." \
        "The key is NOT the one this machine was installed with. Nothing was installed."
elif [ -z "$check" ]; then
    say "Mời quý vị so từng nhóm với tờ giấy in dấu vân tay. Giống hết thì gõ: giong" \
        "Please compare every group with the printed sheet. If all are the same, type: same"
    read -r answer || answer=''
    case $answer in
        giong | giống | same) ;;
        *) stop "Không cài gì." "Nothing was installed." ;;
    esac
fi

# --- The role --------------------------------------------------------------------------------
if [ -z "$role" ] && [ -z "$check" ]; then
    say "Máy này dùng làm gì? / What is this machine for?" \
        "  server   máy chủ / the server" \
        "  kiosk    máy lấy số / the ticket kiosk" \
        "  board    máy sau màn hình gọi số / the box behind the boards" \
        "  counter  máy có cửa sổ gọi số ở quầy / a box at a counter" \
        "  all      một máy làm tất cả / one machine for everything"
    read -r role || role=''
    case $role in
        server | kiosk | board | counter | all) ;;
        *) stop "Không cài gì." "Nothing was installed." ;;
    esac
fi

# --- apt, with this stick as its only source -------------------------------------------------
mkdir -p "$work/lists/partial" "$work/parts"
printf 'deb [signed-by=%s] file:%s/%s ./\n' "$key" "$(printf '%s' "$stick" | sed 's/ /%20/g')" \
    "$codename" >"$work/sources.list"
chmod -R go+rX "$work"
# A box without a battery may think it is 2010. Its apt takes no signature from its future, so a
# clock before the signing, which is certainly wrong, is set to that moment.
signed=$(sed -n 's/^Date: //p' "$stick/$codename/InRelease" | head -n 1)
if signed_s=$(date -d "$signed" +%s 2>/dev/null) && [ "$(date +%s)" -lt "$signed_s" ]; then
    say "Đồng hồ của máy chậm hơn ngày làm thẻ ($signed)." \
        "This machine's clock is behind the making of the stick ($signed)."
    [ -n "$check" ] || date -s "@$signed_s" >/dev/null || say "date: ?"
fi
apt() {
    program=$1
    shift
    DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$program" -q \
        -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts="$work/parts" \
        -o Dir::State::lists="$work/lists" -o Dir::State::status="$root/var/lib/dpkg/status" \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
        -o Acquire::Check-Valid-Until=false -o Acquire::Check-Date=false \
        -o Acquire::Languages=none -o APT::Sandbox::User=root \
        -o APT::Install-Recommends=false -o APT::Get::AllowUnauthenticated=false \
        -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@"
}
if ! apt apt-get -o APT::Update::Error-Mode=any update >"$work/apt.log" 2>&1; then
    cat "$work/apt.log" >&2
    stop "Chữ ký trên thẻ nhớ không đúng. Không cài gì." \
        "The signature on this stick is not right. Nothing was installed."
fi
release=$(apt apt-cache pkgnames denluot- | grep '^denluot-[0-9]' | sort -V | tail -n 1)
[ -n "$release" ] || stop "Thẻ nhớ thiếu gói denluot." "This stick lacks the package denluot."

# A machine that has another release gets this one by an upgrade, which backs up and can go back.
running=$(readlink "$root/opt/denluot/current" || true)
if [ -f "$root/etc/denluot/role" ] && [ -n "$running" ] && [ "denluot-${running##*/}" != "$release" ]; then
    say "Máy này đang chạy denluot-${running##*/}. Để nâng cấp: sudo denluot upgrade $stick" \
        "This machine runs denluot-${running##*/}. To upgrade: sudo denluot upgrade $stick"
    [ -n "$check" ] || exit 1
fi

# Which Debian packages a role needs, the signed index says beside our package.
wanted=$(apt apt-cache show "$release" | sed -n "s/^Denluot-Role-${role:-all}: //Ip" | tr -d ',')
[ -n "$wanted" ] || stop "Thẻ nhớ không có vai trò $role." "This stick has no role $role."

if [ -n "$check" ]; then
    # shellcheck disable=SC2086 # names of packages are words
    apt apt-get --simulate install "$release" $wanted >/dev/null || stop \
        "Thẻ nhớ thiếu gói." "This stick lacks packages."
    say "Thẻ nhớ tốt: $release cho $codename." "The stick is good: $release for $codename."
    exit 0
fi

# Debian's own broker would start at once, in the place of ours.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\ncase "$*" in *mosquitto*) exit 101 ;; esac\nexit 0\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -rf "$work"; rm -f "$policy"' EXIT
fi
say "Đang cài $release và các gói Debian cần thiết…" "Installing $release and the Debian packages it needs…"
# shellcheck disable=SC2086
apt apt-get -y install "$release" $wanted >"$work/apt.log" 2>&1 &
while kill -0 $! 2>/dev/null; do
    [ ! -t 2 ] || printf '\r\033[K  %.72s' "$(tail -n 1 "$work/apt.log")" >&2
    sleep 1
done
[ ! -t 2 ] || printf '\r\033[K' >&2
if ! wait $!; then
    tail -n 20 "$work/apt.log" >&2
    stop "apt không cài được; xem các dòng trên." "apt could not install; see the lines above."
fi

mkdir -p /etc/denluot
cp "$key" "$known"
chmod 644 "$known"
say "" "Đã cài $release." "$release is installed." ""
"/opt/denluot/releases/${release#denluot-}/bin/denluot" install --role "$role"
