//! Files by what they hold: each is kept under the SHA-256 of its bytes, so that it is there once however often it is put, and
//! whoever reads it knows that it is what was written.
//!
//! A blob `abcdef…` is the file `ab/abcdef…` below the store's folder. It is written beside that, put on disk, and only then
//! given its name: what has a name is whole, and a kill leaves nothing but a file in `nameless/`.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll, ready};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::fs::{self, File};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};

/// How much is held in memory of a file that is written.
const PIECE: usize = 64 * 1024;
/// Where files are written before they have a name.
const NAMELESS: &str = "nameless";

/// The SHA-256 of a blob's bytes, by which it is found; written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobHash([u8; 32]);

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for BlobHash {
    type Err = hex::FromHexError;

    fn from_str(digits: &str) -> Result<BlobHash, hex::FromHexError> {
        let mut hash = [0; 32];
        hex::decode_to_slice(digits, &mut hash)?;
        Ok(BlobHash(hash))
    }
}

/// A folder of blobs.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// The blobs within a data folder.
    pub fn within(data: &Path) -> Blobs {
        Blobs { folder: data.join("blobs") }
    }

    fn path(&self, hash: BlobHash) -> PathBuf {
        let name = hash.to_string();
        self.folder.join(&name[..2]).join(name)
    }

    /// Keeps what is read to its end, and returns its hash once it is on disk. Nothing is kept of what breaks off.
    pub async fn put(&self, mut content: impl AsyncRead + Unpin) -> io::Result<BlobHash> {
        let beside = self.folder.join(NAMELESS);
        fs::create_dir_all(&beside).await?;
        let (file, path) = NamedTempFile::new_in(&beside)?.into_parts();
        let (mut file, mut hasher) = (File::from_std(file), Sha256::new());
        let mut piece = vec![0; PIECE];
        loop {
            let read = content.read(&mut piece).await?;
            if read == 0 {
                break;
            }
            hasher.update(&piece[..read]);
            file.write_all(&piece[..read]).await?;
        }
        file.flush().await?;
        file.sync_all().await?;
        let hash = BlobHash(hasher.finalize().into());
        let named = self.path(hash);
        let folder = named.parent().unwrap_or(&self.folder).to_owned();
        fs::create_dir_all(&folder).await?;
        path.persist(&named).map_err(|failed| failed.error)?;
        // The names are on disk with the bytes, also that of the folder.
        for folder in [&folder, &self.folder] {
            File::open(folder).await?.sync_all().await?;
        }
        Ok(hash)
    }

    /// Reads a blob, none when it is not there. A read fails at the end of what is not what was written: what came before it
    /// is to be used only once the end was reached.
    pub async fn open(&self, hash: BlobHash) -> io::Result<Option<Reading>> {
        match File::open(self.path(hash)).await {
            Ok(file) => Ok(Some(Reading { file, hasher: Sha256::new(), hash })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes a blob; false when it is not there.
    pub async fn remove(&self, hash: BlobHash) -> io::Result<bool> {
        match fs::remove_file(self.path(hash)).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A blob that is being read.
#[derive(Debug)]
pub struct Reading {
    file: File,
    hasher: Sha256,
    hash: BlobHash,
}

impl AsyncRead for Reading {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.file).poll_read(cx, buf))?;
        let read = &buf.filled()[before..];
        self.hasher.update(read);
        let whole = || self.hasher.clone().finalize()[..] == self.hash.0;
        Poll::Ready(if read.is_empty() && !whole() {
            Err(io::Error::new(
                ErrorKind::InvalidData,
                format!("the blob {} is not what was written", self.hash),
            ))
        } else {
            Ok(())
        })
    }
}
