//! The file with the server's own secret: 256 random bits, as 64 hexadecimal digits. It is made
//! once and never written again; whoever has it can make links that pass for ours.

use abono_engine::Env;
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// More than a right file ever has.
const LONGEST: u64 = 256;

/// The secret beside a SQLite database.
pub(crate) fn beside(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".secret");
    path.into()
}

/// The secret of a file; where there is none, it is made. Of several processes that make it at
/// once, all get the same.
///
/// # Errors
/// Where it can't be read or made, isn't a secret, or others than its owner may read it.
pub(crate) fn open(path: &Path) -> Result<[u8; 32]> {
    let secret = match read(path)? {
        Some(secret) => secret,
        None => {
            make(path).with_context(|| format!("making {}", path.display()))?;
            // It may be the one that somebody else has just made.
            read(path)?.with_context(|| format!("{} is gone again", path.display()))?
        }
    };
    let what_it_is = "64 hexadecimal digits, as this program makes them where there is no file";
    parse(&secret).with_context(|| format!("{} does not hold {what_it_is}", path.display()))
}

/// What a file holds; `None` where there is no file.
fn read(path: &Path) -> Result<Option<String>> {
    let reading = || format!("reading {}", path.display());
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(reading),
    };
    refuse_open(path, &file.metadata().with_context(reading)?)?;
    let mut text = Vec::new();
    file.take(LONGEST).read_to_end(&mut text).with_context(reading)?;
    Ok(Some(String::from_utf8_lossy(&text).into_owned()))
}

/// Refuses a file that others than its owner may read.
#[cfg(unix)]
fn refuse_open(path: &Path, about: &Metadata) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = about.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.display();
        bail!(
            "{path} holds a secret, and others may read or write it ({mode:o}): chmod 600 {path}"
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_open(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

/// Makes the file whole, for its owner's eyes alone, unless it is there by now.
fn make(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    // A temporary file is made readable by its owner only.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(format!("{}\n", hex(&Env::real().secret())).as_bytes())?;
    // Links that were given out must not outlive it.
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => File::open(folder)?.sync_all().context("writing the folder"),
        Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(failed) => Err(failed.error.into()),
    }
}

/// As digits, two a byte.
pub(crate) fn hex(secret: &[u8; 32]) -> String {
    secret.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text can't fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let digits = text.trim().as_bytes();
    let mut secret = [0; 32];
    if digits.len() != secret.len() * 2 {
        return None;
    }
    for (byte, pair) in secret.iter_mut().zip(digits.chunks(2)) {
        let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Barrier;
    use tempfile::TempDir;

    fn refused(path: &Path) -> String {
        format!("{:#}", open(path).expect_err("it is refused"))
    }

    fn write(path: &Path, text: &str, mode: u32) {
        std::fs::write(path, text).expect("it is written");
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, permissions).expect("it is set");
    }

    #[test]
    fn it_is_made_once_for_its_owner_alone_and_stays_as_it_is() {
        let folder = TempDir::new().expect("a folder");
        let path = beside(&folder.path().join("books.db"));
        assert_eq!(path.file_name().and_then(|name| name.to_str()), Some("books.db.secret"));
        let secret = open(&path).expect("a secret");
        let about = path.metadata().expect("a file");
        assert_eq!((about.permissions().mode() & 0o777, about.len()), (0o600, 65));
        let text = std::fs::read(&path).expect("a file");
        assert_eq!(open(&path).expect("the same"), secret);
        assert_eq!(std::fs::read(&path).expect("a file"), text);
        let other = open(&folder.path().join("other")).expect("another one");
        assert_ne!(other, secret);
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 2, "no temporary file is left");
    }

    #[test]
    fn those_who_make_it_at_once_get_the_same() {
        let folder = TempDir::new().expect("a folder");
        let (path, start) = (&folder.path().join("secret"), &Barrier::new(8));
        let secrets: Vec<[u8; 32]> = std::thread::scope(|scope| {
            let open = || {
                start.wait();
                open(path).expect("a secret")
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|it| it.join().expect("no panic")).collect()
        });
        assert!(secrets.iter().all(|secret| *secret == secrets[0]));
    }

    #[test]
    fn what_others_may_read_is_refused_with_the_way_out() {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("secret");
        for mode in [0o640, 0o604, 0o644, 0o620, 0o601] {
            write(&path, &"0a".repeat(32), mode);
            let error = refused(&path);
            assert!(error.contains(&format!("chmod 600 {}", path.display())), "{error}");
        }
        for mode in [0o600, 0o400] {
            write(&path, &"0a".repeat(32), mode);
            assert_eq!(open(&path).expect("a secret"), [10; 32]);
            std::fs::remove_file(&path).expect("it is removed");
        }
    }

    #[test]
    fn what_is_no_secret_is_refused_left_alone_and_not_shown() {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("secret");
        let digits = "5A".repeat(32);
        for wrong in ["", "\n", "hush", &digits[2..], &digits.replace('A', "g"), &"5a ".repeat(32)]
        {
            write(&path, wrong, 0o600);
            let error = refused(&path);
            assert!(error.contains("does not hold 64 hexadecimal digits"), "{error}");
            assert!(wrong.trim().is_empty() || !error.contains(wrong), "{error}");
            assert_eq!(std::fs::read_to_string(&path).expect("a file"), wrong);
        }
        write(&path, &format!("  {digits}\r\n"), 0o600);
        assert_eq!(open(&path).expect("a secret"), [0x5a; 32]);
        assert!(refused(&folder.path().join("nowhere/secret")).starts_with("making "));
    }

    #[test]
    fn a_secret_is_written_as_it_is_read() {
        let secret: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 8).expect("a byte"));
        assert_eq!(parse(&hex(&secret)), Some(secret));
    }
}
