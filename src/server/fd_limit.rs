//! Room for connections. To the system each is an open file, of which a process may by default have 1,024.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Open files beside the connections: those of the database, the log and the listener.
const BESIDE: u64 = 256;

/// Asks the system for as many open files as the connections need, and warns when it grants fewer.
pub fn make_room(connections: usize) {
    let needed = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(BESIDE);
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return;
    }
    let granted = limit.maximum.map_or(needed, |maximum| needed.min(maximum));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(granted), maximum: limit.maximum });
    if raised.is_err() || granted < needed {
        tracing::warn!(
            "the system lets this process open {} files, and {connections} connections need {needed}; raise the hard \
             limit (LimitNOFILE in systemd, ulimit -n), or lower EVIDENT_CONNECTIONS",
            if raised.is_ok() { Some(granted) } else { limit.current }.unwrap_or_default()
        );
    }
}
