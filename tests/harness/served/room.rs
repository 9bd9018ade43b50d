//! A small disk that can be filled to its last byte.

use std::fs::{File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A tmpfs, unmounted with the value.
pub struct Room {
    folder: TempDir,
}

impl Room {
    /// Makes one of so many megabytes; none where this machine lets us mount nothing.
    pub fn of(megabytes: u32) -> anyhow::Result<Option<Room>> {
        let folder = tempfile::tempdir()?;
        // PostgreSQL runs as somebody else, who has to get there.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
        let size = format!("size={megabytes}m,mode=755");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        Ok(mounted.is_ok_and(|output| output.status.success()).then_some(Room { folder }))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room there is but so many kilobytes.
    pub fn fill_but(&self, kilobytes: u64) -> anyhow::Result<()> {
        let mut ballast = File::create(self.ballast())?;
        let block = [0_u8; 4096];
        let mut filled = 0_u64;
        while ballast.write_all(&block).is_ok() {
            filled += 4096;
        }
        Ok(ballast.set_len(filled.saturating_sub(kilobytes * 1024))?)
    }

    /// Gives the room back.
    pub fn empty(&self) -> anyhow::Result<()> {
        Ok(std::fs::remove_file(self.ballast())?)
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // Lazily: what is still open in it may be a moment from its end.
        if let Err(error) = Command::new("umount").arg("-l").arg(self.folder.path()).status() {
            eprintln!("{} may be left mounted: {error}", self.folder.path().display());
        }
    }
}
