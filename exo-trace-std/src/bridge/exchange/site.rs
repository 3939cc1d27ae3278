//! One call site for each kind of request, and the keys that they say.
//!
//! Names are templates: what they show is an attribute that the span has anyway.

use super::method::Method;
use super::watch::{Protocol, Side};
use crate::operation::site::facts;
use exo_trace_core::{Callsite, Key, Value};

/// The call sites of one side.
#[derive(Debug)]
pub(in crate::bridge) struct Site {
    route: Callsite,
    method: Callsite,
    other_route: Callsite,
    other: Callsite,
    grpc: Callsite,
}

impl Site {
    /// Returns the call site whose name shows what is known of a request.
    pub(in crate::bridge) fn of(
        side: Side,
        protocol: Protocol,
        method: Method,
        has_route: bool,
    ) -> &'static Callsite {
        let sites = match side {
            Side::Server => &SERVER,
            Side::Client => &CLIENT,
        };
        match (protocol, method, has_route) {
            (Protocol::Grpc, ..) => &sites.grpc,
            (Protocol::Http, Method::Known(_), true) => &sites.route,
            (Protocol::Http, Method::Known(_), false) => &sites.method,
            (Protocol::Http, Method::Other, true) => &sites.other_route,
            (Protocol::Http, Method::Other, false) => &sites.other,
        }
    }
}

macro_rules! sites {
    ($kind:ident) => {
        Site {
            route: facts!("{http.request.method} {http.route}", $kind, &[]),
            method: facts!("{http.request.method}", $kind, &[]),
            other_route: facts!("HTTP {http.route}", $kind, &[]),
            other: facts!("HTTP", $kind, &[]),
            grpc: facts!(
                "{rpc.method}",
                $kind,
                &[(Key::new("rpc.system.name"), Value::Text("grpc"))]
            ),
        }
    };
}

static SERVER: Site = sites!(Server);
static CLIENT: Site = sites!(Client);

/// The keys.
pub(in crate::bridge) mod keys {
    use crate::semconv;
    use exo_trace_core::InternedKey;

    macro_rules! keys {
        ($($key:ident),* $(,)?) => {
            $(pub(in crate::bridge) static $key: InternedKey = InternedKey::new(semconv::$key);)*
        };
    }

    keys!(
        CLIENT_ADDRESS,
        CLIENT_PORT,
        ERROR_TYPE,
        HTTP_REQUEST_METHOD,
        HTTP_REQUEST_METHOD_ORIGINAL,
        HTTP_RESPONSE_STATUS_CODE,
        HTTP_ROUTE,
        NETWORK_PROTOCOL_VERSION,
        RPC_METHOD,
        RPC_RESPONSE_STATUS_CODE,
        SERVER_ADDRESS,
        SERVER_PORT,
        URL_FULL,
        URL_PATH,
        URL_QUERY,
        URL_SCHEME,
        USER_AGENT_ORIGINAL,
    );
}
