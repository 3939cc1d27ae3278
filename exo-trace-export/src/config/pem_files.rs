//! The PEM files of a TLS connection: who may have signed for the collector, and what this client
//! shows of itself.
//!
//! They are named here and read by the transport. A message about one that cannot be read names
//! whoever named it; a client's certificate and its key make sense together only.

use super::choices::{Choices, Source};
use super::error::Refusal;
use super::{TlsFiles, TraceConfig};
use std::path::{Path, PathBuf};

const CERTIFICATE: PemFile = PemFile {
    field: "certificate",
    variables: ["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"],
};
const CLIENT_CERTIFICATE: PemFile = PemFile {
    field: "client_certificate",
    variables: [
        "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
    ],
};
const CLIENT_KEY: PemFile = PemFile {
    field: "client_key",
    variables: ["OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "OTEL_EXPORTER_OTLP_CLIENT_KEY"],
};

/// Who named a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PemSource {
    /// Code, in the field of this name: a file that cannot be read is an error.
    Code(&'static str),
    /// The variable of this name: a file that cannot be read is a note.
    Environment(&'static str),
}

/// Who named the files of [`TlsFiles`]; `None` where there is no file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PemSources {
    pub(crate) certificate: Option<PemSource>,
    pub(crate) client_certificate: Option<PemSource>,
    pub(crate) client_key: Option<PemSource>,
}

#[cfg_attr(
    not(feature = "otlp"),
    expect(dead_code, reason = "nobody reads them without a collector")
)]
impl PemSources {
    /// Returns the variables that named a file.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &'static str> {
        let all = [self.certificate, self.client_certificate, self.client_key];
        all.into_iter().filter_map(|source| match source {
            Some(PemSource::Environment(variable)) => Some(variable),
            Some(PemSource::Code(_)) | None => None,
        })
    }

    /// Returns the same with each variable under its other name.
    pub(super) fn renamed(self, name: impl Fn(&'static str) -> &'static str) -> Self {
        let renamed = |source: Option<PemSource>| match source? {
            PemSource::Environment(variable) => Some(PemSource::Environment(name(variable))),
            code @ PemSource::Code(_) => Some(code),
        };
        Self {
            certificate: renamed(self.certificate),
            client_certificate: renamed(self.client_certificate),
            client_key: renamed(self.client_key),
        }
    }

    /// Returns the files without those that the environment named.
    pub(crate) fn of_code(&self, files: &TlsFiles) -> TlsFiles {
        let kept = |source, file: &Option<PathBuf>| match source {
            Some(PemSource::Code(_)) => file.clone(),
            Some(PemSource::Environment(_)) | None => None,
        };
        TlsFiles {
            certificate: kept(self.certificate, &files.certificate),
            client_certificate: kept(self.client_certificate, &files.client_certificate),
            client_key: kept(self.client_key, &files.client_key),
        }
    }
}

/// One of the three files, before it is known where it is.
struct PemFile {
    field: &'static str,
    variables: [&'static str; 2],
}

/// A path, and who said it.
type Named = (PathBuf, Source);

impl TraceConfig {
    /// Decides which files a TLS connection needs.
    pub(super) fn choose_tls_files(&self, choices: &mut Choices<'_>) -> (TlsFiles, PemSources) {
        let said = &self.tls;
        let certificate = CERTIFICATE.take(said.certificate.as_deref(), choices);
        let client_certificate =
            CLIENT_CERTIFICATE.take(said.client_certificate.as_deref(), choices);
        let client_key = CLIENT_KEY.take(said.client_key.as_deref(), choices);
        let (client_certificate, client_key) = match (client_certificate, client_key) {
            (Some(certificate), None) => {
                CLIENT_CERTIFICATE.refuse_without(&CLIENT_KEY, &certificate, choices);
                (None, None)
            }
            (None, Some(key)) => {
                CLIENT_KEY.refuse_without(&CLIENT_CERTIFICATE, &key, choices);
                (None, None)
            }
            pair => pair,
        };
        CERTIFICATE.show(certificate.as_ref(), "the system's", choices);
        CLIENT_CERTIFICATE.show(client_certificate.as_ref(), "none", choices);
        CLIENT_KEY.show(client_key.as_ref(), "none", choices);
        let sources = PemSources {
            certificate: CERTIFICATE.source(certificate.as_ref()),
            client_certificate: CLIENT_CERTIFICATE.source(client_certificate.as_ref()),
            client_key: CLIENT_KEY.source(client_key.as_ref()),
        };
        let path = |named: Option<Named>| named.map(|(path, _)| path);
        let files = TlsFiles {
            certificate: path(certificate),
            client_certificate: path(client_certificate),
            client_key: path(client_key),
        };
        (files, sources)
    }
}

impl PemFile {
    fn take(&self, said: Option<&Path>, choices: &mut Choices<'_>) -> Option<Named> {
        let given = said.map(|path| match path.as_os_str().is_empty() {
            true => Err(Refusal::of("\"\"", "the path of a PEM file")),
            false => Ok(path.to_owned()),
        });
        choices.take(self.field, given, &self.variables, |text| Ok(PathBuf::from(text)))
    }

    /// Refuses this file because `other` was not named: by code as a field, else as a variable.
    fn refuse_without(&self, other: &Self, (path, source): &Named, choices: &mut Choices<'_>) {
        let [_, variable] = other.variables;
        let expected = format!("{} beside it (or {variable})", other.field);
        let refusal = Refusal::of(format_args!("{path:?}"), expected);
        match source {
            Source::Environment(variable) => choices.note(variable, refusal),
            _ => {
                let _: Option<()> = choices.take_code(self.field, Err(refusal));
            }
        }
    }

    fn show(&self, named: Option<&Named>, otherwise: &str, choices: &mut Choices<'_>) {
        match named {
            Some((path, source)) => choices.show(self.field, path.display(), *source),
            None => choices.show(self.field, otherwise, Source::Default),
        }
    }

    fn source(&self, named: Option<&Named>) -> Option<PemSource> {
        Some(match named?.1 {
            Source::Environment(variable) => PemSource::Environment(variable),
            _ => PemSource::Code(self.field),
        })
    }
}
