//! A PostgreSQL server for the tests, where one is installed: its own, in a temporary directory,
//! reached by a socket, gone with the process that started it.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs the server until standard input closes: with this process, however it ends.
const UNTIL_CLOSED: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=200 \
    -c shared_buffers=32MB -c logging_collector=off >"$2/log" 2>&1 &
read -r _
kill -INT $!
wait $!
rm -rf "$2"
"#;

struct Server {
    binaries: PathBuf,
    dir: PathBuf,
    user: Option<(u32, u32)>,
    _until_closed: ChildStdin,
    _child: Child,
}

/// The address of an empty database of its own; none where no server is installed, which the
/// caller reports as a skip.
pub fn postgres_database() -> Option<String> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    static DATABASES: AtomicU32 = AtomicU32::new(0);
    let server = SERVER.get_or_init(|| binaries().map(Server::start)).as_ref()?;
    let name = format!("hq_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    server.ask("postgres", &format!("create database {name}"));
    Some(format!("host={} user=hq dbname={name}", server.dir.display()))
}

/// Where the newest installed server's programs are. Debian keeps them off the path.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .collect();
    found.sort();
    let on_path = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).find(|bin| bin.join("initdb").is_file())
    };
    found.pop().map(|(_, bin)| bin).or_else(on_path)
}

/// The server refuses to run as root: then it runs as the user that its package made.
fn user() -> Option<(u32, u32)> {
    if std::fs::metadata("/proc/self").expect("this process").uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("the users of this machine");
    let fields: Vec<&str> =
        users.lines().find(|it| it.starts_with("postgres:"))?.split(':').collect();
    Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
}

impl Server {
    fn start(binaries: PathBuf) -> Self {
        // The shell removes it when the server has ended.
        let dir = tempfile::Builder::new().prefix("pg-").tempdir().expect("a directory").keep();
        let user = user();
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(&dir, Some(uid), Some(gid)).expect("the server's directory");
        }
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).expect("a mode");
        let made = as_user(&binaries.join("initdb"), user)
            .args(["-A", "trust", "-U", "hq", "-E", "UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(dir.join("data"))
            .current_dir(&dir)
            .output()
            .expect("initdb");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut child = as_user(Path::new("/bin/sh"), user)
            .args(["-c", UNTIL_CLOSED, "sh"])
            .args([&binaries, &dir])
            .current_dir(&dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("a shell for the server");
        let until_closed = child.stdin.take().expect("the shell's input");
        let server = Self { binaries, dir, user, _until_closed: until_closed, _child: child };
        server.wait_until_ready();
        server
    }

    /// `pg_isready` waits for an answer; a server that has just begun says that it is starting.
    fn wait_until_ready(&self) {
        let begun = std::time::Instant::now();
        while !self.tool("pg_isready").arg("-q").status().expect("pg_isready").success() {
            let log = std::fs::read_to_string(self.dir.join("log")).unwrap_or_default();
            assert!(begun.elapsed().as_secs() < 120, "the server does not start: {log}");
        }
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = as_user(&self.binaries.join(name), self.user);
        command.arg("-h").arg(&self.dir).current_dir(&self.dir);
        command
    }

    fn ask(&self, database: &str, sql: &str) {
        let asked = self.tool("psql").args(["-U", "hq", "-d", database, "-qc", sql]).output();
        let asked = asked.expect("psql");
        assert!(asked.status.success(), "psql: {}", String::from_utf8_lossy(&asked.stderr));
    }
}

fn as_user(program: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}
