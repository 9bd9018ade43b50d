//! Evident.
