//! What the tests need and the machine may not have yet.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The environment variable that names another Chromium than Debian's.
const VARIABLE: &str = "ABONO_CHROMIUM";

/// Debian's Chromium, and a font with Latin, Cyrillic and the signs of currencies.
const CHROMIUM: &str = "/usr/bin/chromium";
const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

/// The program, installed where it is missing.
pub(super) fn chromium() -> Result<PathBuf, String> {
    if let Some(path) = super::variable(VARIABLE) {
        return Ok(PathBuf::from(path));
    }
    if !(Path::new(CHROMIUM).exists() && Path::new(FONT).exists()) {
        apt(&["chromium", "fonts-dejavu-core"], &[CHROMIUM, FONT])?;
    }
    Ok(PathBuf::from(CHROMIUM))
}

/// Installs packages that bring some files, once, whoever else is about to.
pub(super) fn apt(packages: &[&str], files: &[&str]) -> Result<(), String> {
    let path = std::env::temp_dir().join("abono-apt.lock");
    let lock = File::create(&path).and_then(|it| it.lock().map(|()| it));
    let _lock = lock.map_err(|why| format!("{}: {why}", path.display()))?;
    let there = || files.iter().all(|it| Path::new(it).exists());
    if there() {
        return Ok(());
    }
    let install = || {
        let options = ["install", "--yes", "--no-install-recommends"];
        run(Command::new("apt-get").args(options).args(packages))
    };
    // The list of packages may be old or empty.
    if install().is_err() {
        run(Command::new("apt-get").arg("update"))?;
        install()?;
    }
    if there() { Ok(()) } else { Err(format!("{packages:?} didn't bring {files:?}")) }
}

/// Runs a program that must succeed; gives its standard output.
pub(super) fn run(command: &mut Command) -> Result<Vec<u8>, String> {
    let command = command.env("DEBIAN_FRONTEND", "noninteractive");
    let name = format!("{command:?}");
    let Output { status, stdout, stderr } =
        command.output().map_err(|why| format!("{name}: {why}"))?;
    if status.success() {
        return Ok(stdout);
    }
    Err(format!("{name}: {status}\n{}", String::from_utf8_lossy(&stderr)))
}
