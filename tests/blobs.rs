//! Blobs: what was put is read as it was written, is there once, and is not taken for what it no longer is.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use evident::blobs::{BlobHash, Blobs};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

/// A file that breaks off after some bytes.
struct BreaksOff(usize);

impl AsyncRead for BreaksOff {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.0 == 0 {
            return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
        }
        let some = self.0.min(buf.remaining());
        buf.put_slice(&vec![b'x'; some]);
        self.0 -= some;
        Poll::Ready(Ok(()))
    }
}

async fn read(blobs: &Blobs, hash: BlobHash) -> std::io::Result<Option<Vec<u8>>> {
    let Some(mut reading) = blobs.open(hash).await? else { return Ok(None) };
    let mut bytes = Vec::new();
    reading.read_to_end(&mut bytes).await?;
    Ok(Some(bytes))
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(items) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = items.map(|item| item.expect("an item").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn what_was_put_is_there_once_under_its_hash_until_it_is_removed() {
    let data = tempfile::tempdir().expect("a folder");
    let blobs = Blobs::within(data.path());
    for bytes in [Vec::new(), b"a letter".to_vec(), (0..300_000_u32).map(|n| (n % 251) as u8).collect()] {
        let hash = blobs.put(bytes.as_slice()).await.expect("kept");
        let name = hex::encode(Sha256::digest(&bytes));
        assert_eq!((hash.to_string(), name.parse()), (name.clone(), Ok(hash)));
        assert_eq!(blobs.put(bytes.as_slice()).await.expect("kept"), hash);
        assert_eq!(files(data.path()), [data.path().join("blobs").join(&name[..2]).join(&name)]);
        assert_eq!(read(&blobs, hash).await.expect("read"), Some(bytes));
        assert!(blobs.remove(hash).await.expect("removed"));
        assert!(!blobs.remove(hash).await.expect("an answer"));
        assert_eq!(read(&blobs, hash).await.expect("an answer"), None);
    }
    assert!("00".parse::<BlobHash>().is_err());
}

#[tokio::test]
async fn what_breaks_off_leaves_nothing_and_what_was_altered_is_not_read_to_its_end() {
    let data = tempfile::tempdir().expect("a folder");
    let blobs = Blobs::within(data.path());
    let failed = blobs.put(BreaksOff(100_000)).await.expect_err("it broke off");
    assert_eq!(failed.kind(), ErrorKind::ConnectionReset);
    assert!(files(data.path()).is_empty());

    let hash = blobs.put(b"as it was".as_slice()).await.expect("kept");
    for altered in ["as it wax", "as it wa", "as it was, and more", ""] {
        std::fs::write(&files(data.path())[0], altered).expect("altered");
        let fault = read(&blobs, hash).await.expect_err("it is another");
        assert_eq!(fault.kind(), ErrorKind::InvalidData, "{altered}");
    }
    // Put again, it is whole again.
    assert_eq!(blobs.put(b"as it was".as_slice()).await.expect("kept"), hash);
    assert_eq!(read(&blobs, hash).await.expect("read").as_deref(), Some(b"as it was".as_slice()));
}
