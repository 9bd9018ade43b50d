//! The directory of leaders: people as those who are signed in may know them, and what may be recorded about them.
