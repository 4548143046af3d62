#!/bin/sh
# Keeps a throwaway Postgres cluster until standard input closes, then leaves nothing behind.
#
# usage: throwaway.sh BIN PORT SETTINGS [PRIMARY]
#   BIN       the folder of initdb, pg_ctl and postgres
#   PORT      where to listen on 127.0.0.1
#   SETTINGS  lines of postgresql.conf that count more than those below
#   PRIMARY   the port of the server that this one is a standby of
#
# Says "ready" and its folder when the server takes connections, or else tells on standard output
# why it doesn't.
# Whoever started this holds the other end of its standard input: it closes when that process
# ends, however it ends. So nothing here listens to signals.

bin=$1
port=$2
settings=$3
primary=$4
trap '' HUP INT TERM PIPE
export LC_ALL=C
unset PGDATA PGHOST PGPORT PGUSER PGOPTIONS

dir=$(mktemp -d "${TMPDIR:-/tmp}/abono-postgres-XXXXXX" 2>&1) || { echo "$dir"; exit 1; }
trap clean EXIT
cd "$dir" || exit 1

clean() {
    if [ -e data/postmaster.pid ]; then
        as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop </dev/null >/dev/null 2>&1
    fi
    cd / && rm -rf "$dir"
}

# Postgres refuses to run as root; the account that its packages create does it then.
as_owner() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    elif command -v setpriv >/dev/null; then
        setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
    elif command -v runuser >/dev/null; then
        runuser -u postgres -- "$@"
    else
        su -s /bin/sh -c 'exec "$@"' -- postgres sh "$@"
    fi
}

# give_up WHY LOG...
give_up() {
    echo "$1"
    shift
    cat "$@"
    exit 1
}

if [ "$(id -u)" -eq 0 ]; then
    chown postgres . || give_up "root needs an account named postgres to run it" /dev/null
fi

if [ -z "$primary" ]; then
    as_owner "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-locale --no-sync \
        </dev/null >initdb.log 2>&1 || give_up "initdb failed" initdb.log
else
    as_owner "$bin/pg_basebackup" -h 127.0.0.1 -p "$primary" -U postgres -D "$dir/data" \
        --write-recovery-conf --wal-method=stream --checkpoint=fast --no-sync \
        </dev/null >copy.log 2>&1 || give_up "pg_basebackup failed" copy.log
fi

# Durability is not what these tests are about: the data is gone a moment later anyway.
cat >>data/postgresql.conf <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 200
fsync = off
full_page_writes = off
log_min_messages = fatal
$settings
SETTINGS

as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start \
    </dev/null >start.log 2>&1 || give_up "the server didn't start" server.log start.log

echo "ready $dir"
cat >/dev/null
