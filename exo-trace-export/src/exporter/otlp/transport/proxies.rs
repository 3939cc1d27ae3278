//! What may not be shown of the proxies that the environment names: requests over HTTP go there, and
//! a proxy that refuses to log in may repeat the password that it was given.

use super::place::Login;

/// The variables that name one, in either case.
const VARIABLES: [&str; 6] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Returns users and passwords in every form that a proxy gets to see.
pub(super) fn secrets(environment: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let urls = VARIABLES.iter().filter_map(|variable| environment(variable));
    urls.flat_map(|url| secrets_of(url.trim())).collect()
}

fn secrets_of(url: &str) -> Vec<String> {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = url.split('/').next().unwrap_or_default();
    let Some((login, _)) = authority.rsplit_once('@') else { return Vec::new() };
    let as_given = login.split(':').map(str::to_owned);
    Login::read(login).secrets().chain(as_given).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_in_every_form_a_proxy_sees() {
        for url in ["http://me:p%40ssword@proxy:3128/", "me:p%40ssword@proxy"] {
            let secrets = secrets(&|variable| (variable == "https_proxy").then(|| url.to_owned()));
            for secret in ["p@ssword", "p%40ssword", "Basic bWU6cEBzc3dvcmQ="] {
                assert!(secrets.iter().any(|known| known == secret), "{secret} of {secrets:?}");
            }
        }
        assert_eq!(secrets_of("http://proxy:3128"), [""; 0]);
    }
}
