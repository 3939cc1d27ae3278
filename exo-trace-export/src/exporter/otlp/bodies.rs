//! A request in the making for each machine whose spans go to the collector: most often one.

use super::body::Body;
use crate::config::Protocol;
use crate::resource::Resource;
use std::sync::Arc;

/// How many requests of other machines are kept at hand, with what was written once for all of theirs.
const OTHERS_MAX: usize = 8;

pub(super) struct Bodies {
    protocol: Protocol,
    /// This process's.
    own: (Arc<Resource>, Body),
    /// The one that was used last comes last.
    others: Vec<(Arc<Resource>, Body)>,
}

impl Bodies {
    pub(super) fn new(protocol: Protocol, resource: Arc<Resource>) -> Self {
        let body = Body::new(protocol, &resource);
        Self { protocol, own: (resource, body), others: Vec::new() }
    }

    /// Returns the request that says `resource`; finished, and so empty, whenever it is asked for.
    pub(super) fn of(&mut self, resource: &Arc<Resource>) -> &mut Body {
        let Self { protocol, own, others } = self;
        if is_same(&own.0, resource) {
            return &mut own.1;
        }
        let known = others.iter().position(|(known, _)| is_same(known, resource));
        let other = match known {
            Some(place) => others.remove(place),
            None => (Arc::clone(resource), Body::new(*protocol, resource)),
        };
        if others.len() == OTHERS_MAX {
            others.remove(0);
        }
        others.push(other);
        others.last_mut().map_or(&mut own.1, |(_, body)| body)
    }
}

/// Most often it is one object.
fn is_same(one: &Arc<Resource>, other: &Arc<Resource>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}
