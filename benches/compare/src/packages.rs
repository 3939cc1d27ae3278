//! The versions that were compared, as `Cargo.lock` fixes them.

const LOCK: &str = include_str!("../Cargo.lock");

/// Returns `name version` of each package; with several versions in the tree, the newest.
pub(crate) fn versions(names: &[&str]) -> String {
    let each = names.iter().map(|name| format!("{name} {}", version(name).unwrap_or("?")));
    each.collect::<Vec<_>>().join(", ")
}

fn version(name: &str) -> Option<&'static str> {
    let head = format!("name = \"{name}\"");
    let mut lines = LOCK.lines();
    let mut newest = None;
    while let Some(line) = lines.next() {
        if line == head {
            let version = lines.next().and_then(|line| line.strip_prefix("version = "));
            newest = version.map(|version| version.trim_matches('"'));
        }
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contenders::Name;
    use crate::exported;

    #[test]
    fn every_rival_has_a_version() {
        let rivals = Name::rivals().map(|rival| rival.about().packages);
        for packages in rivals.chain([exported::SENDERS.as_slice()]) {
            let versions = versions(packages);
            assert!(!versions.is_empty() && !versions.contains('?'), "{versions}");
        }
    }
}
