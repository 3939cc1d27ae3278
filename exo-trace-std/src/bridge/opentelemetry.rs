//! One trace with spans made through OpenTelemetry's API.
