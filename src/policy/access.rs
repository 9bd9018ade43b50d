//! Whom a route serves at all. Which route serves whom, each feature says where it lists its routes.

use super::Role;

/// Whom a route serves at all. What they may see there is decided by [`super::decide`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not.
    Anyone,
    /// Anybody on a demo server, nobody elsewhere.
    Demo,
    /// Everybody who is signed in.
    SignedIn,
    /// Those who hold one of these roles.
    Roles(&'static [Role]),
}

/// Those who keep a dossier.
pub const CANDIDATE: Access = Access::Roles(&[Role::Candidate]);
/// Those who may read a dossier: its owner, and CTOs.
pub const READERS: Access = Access::Roles(&[Role::Candidate, Role::Cto]);
/// CTOs.
pub const CTO: Access = Access::Roles(&[Role::Cto]);
/// Members of the committee.
pub const COMMITTEE: Access = Access::Roles(&[Role::Committee]);
/// Those who compare candidates.
pub const DECIDERS: Access = Access::Roles(&[Role::Cto, Role::Committee]);
/// Those whose word about others is the company's.
pub const STEWARDS: Access = Access::Roles(&[Role::Cto, Role::Admin]);
/// Admins.
pub const ADMIN: Access = Access::Roles(&[Role::Admin]);
