//! What a process can say of itself and its machine without being asked: resource attributes that
//! nobody has to configure.
//!
//! Whatever code or the environment says of the same key wins. Source: OpenTelemetry semantic
//! conventions, resources `host`, `os`, `process` and `service`.

use super::ResourceValue;
use super::machine::{host_name, pid};
use std::env::consts::{ARCH, OS};
use std::sync::OnceLock;

/// Attributes that were detected, in the order in which they are sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Detected(pub(super) Vec<(&'static str, ResourceValue)>);

impl Detected {
    /// Asks this process and this machine; what they do not know is left out.
    pub(super) fn here() -> Self {
        let mut attributes: Vec<(&'static str, ResourceValue)> =
            vec![("host.arch", host_arch(ARCH).into()), ("process.runtime.name", "rustc".into())];
        let texts = [
            ("host.name", host_name()),
            ("process.executable.name", executable_name()),
            ("service.instance.id", instance_id()),
            ("os.type", Some(os_type(OS).to_owned()).filter(|os| !os.is_empty())),
        ];
        attributes.extend(pid().map(|pid| ("process.pid", pid.into())));
        let known = texts.into_iter().filter_map(|(key, text)| Some((key, text?.into())));
        attributes.extend(known);
        attributes.sort_by_key(|(key, _)| *key);
        Self(attributes)
    }
}

fn executable_name() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Some(path.file_name()?.to_string_lossy().into_owned())
}

/// Returns the conventions' word for one of Rust's; one that they do not list stays as it is.
fn host_arch(arch: &str) -> &str {
    match arch {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "arm" => "arm32",
        "powerpc" => "ppc32",
        "powerpc64" => "ppc64",
        known => known,
    }
}

/// Returns the conventions' word for one of Rust's; one that they do not list stays as it is.
fn os_type(os: &str) -> &str {
    match os {
        "macos" => "darwin",
        "dragonfly" => "dragonflybsd",
        "illumos" => "solaris",
        known => known,
    }
}

/// Returns a random UUID that stays the same while the process lives; `None` where the operating
/// system gives no randomness.
fn instance_id() -> Option<String> {
    // Of the process and not of one `init`: what `effective()` shows is what is sent.
    static RANDOM: OnceLock<Option<u128>> = OnceLock::new();
    let random = (*RANDOM.get_or_init(drawn))?;
    // A forked child inherits the number and is an instance of its own.
    Some(uuid(random ^ u128::from(exo_trace_std::process_id())))
}

fn drawn() -> Option<u128> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(u128::from_be_bytes(bytes))
}

/// Writes the random UUID (version 4) of these bits. Source: RFC 9562, section 5.4.
fn uuid(random: u128) -> String {
    const VERSION: u128 = 0xf << 76;
    const VARIANT: u128 = 0b11 << 62;
    let bits = random & !VERSION & !VARIANT | 0x4 << 76 | 0b10 << 62;
    let hex = format!("{bits:032x}");
    let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    format!("{a}-{b}-{c}-{d}-{e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_uuid_says_its_version_and_variant() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let digits = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef;
        assert_eq!(uuid(digits), "01234567-89ab-4def-8123-456789abcdef");
    }

    #[test]
    fn a_process_keeps_its_instance_id() {
        let id = instance_id().expect("this machine has randomness");
        assert_eq!(instance_id(), Some(id.clone()));
        assert_ne!(id, uuid(u128::from(std::process::id())), "it is drawn");
    }

    #[test]
    fn machines_have_the_conventions_names() {
        assert_eq!(["x86_64", "aarch64", "riscv64"].map(host_arch), ["amd64", "arm64", "riscv64"]);
        assert_eq!(["linux", "macos", "windows"].map(os_type), ["linux", "darwin", "windows"]);
    }

    #[test]
    fn a_process_knows_its_number_and_its_program() {
        let Detected(attributes) = Detected::here();
        let named = |key: &str| {
            let found = attributes.iter().find(|(known, _)| *known == key);
            found.map(|(_, value)| value.to_string())
        };
        assert_eq!(named("process.pid"), Some(std::process::id().to_string()));
        let program = std::env::args().next().expect("a test has a program");
        let name = named("process.executable.name").expect("a test is a file");
        assert!(program.ends_with(&name), "{program} is {name}");
        assert!(attributes.is_sorted_by(|a, b| a.0 < b.0), "each key once: {attributes:?}");
    }
}
