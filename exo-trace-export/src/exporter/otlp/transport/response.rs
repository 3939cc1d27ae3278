//! What an HTTP response means for the request it answers.
//!
//! Source: OTLP specification 1.9, "OTLP/HTTP Response" and "OTLP/HTTP Throttling".

use super::discreet::Discreet;
use super::reply;
use crate::exporter::otlp::answer::Answer;
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, Response, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::time::{Duration, SystemTime};

/// How much of a response is read.
const READ_BYTES_MAX: usize = 64 << 10;

/// What a body is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Protobuf,
    Json,
    Page,
    Text,
}

/// Reads a response for as long as there is time `left`, and says what it means.
pub(super) async fn answer_of(
    mut response: Response<Incoming>,
    left: Duration,
    discreet: &Discreet,
) -> Answer {
    let mut body = Vec::new();
    // The status line has said what matters: a body that breaks off, or never ends, changes nothing.
    let _ = tokio::time::timeout(left, read(response.body_mut(), &mut body)).await;
    meaning(response.status(), response.headers(), &body, discreet)
}

/// Says what a response means whose body was read.
pub(super) fn meaning(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    discreet: &Discreet,
) -> Answer {
    let form = form(headers);
    if status.is_success() {
        return accepted(status, form, body, discreet);
    }
    let what = format!("the collector answered HTTP {}", status.as_u16());
    if status.is_redirection() {
        let reason = format!("{what}, which points to {}", discreet.quote(&target(headers)));
        return Answer::Refused { reason };
    }
    let reason = discreet.with_quote(what, &message(form, body));
    match status {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => {
            Answer::Retry { reason, after: retry_after(headers, SystemTime::now()) }
        }
        StatusCode::PAYLOAD_TOO_LARGE => Answer::TooLong { reason },
        _ => Answer::Refused { reason },
    }
}

async fn read(coming: &mut Incoming, body: &mut Vec<u8>) {
    while let Some(Ok(frame)) = coming.frame().await {
        // Trailers say nothing here.
        let Ok(chunk) = frame.into_data() else { continue };
        let room = READ_BYTES_MAX - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            return;
        }
    }
}

fn accepted(status: StatusCode, form: Form, body: &[u8], discreet: &Discreet) -> Answer {
    match form {
        Form::Protobuf => reply::accepted(body, discreet),
        Form::Json => reply::accepted_json(body, discreet),
        Form::Page => Answer::Refused {
            reason: format!("HTTP {} with a web page: is this a collector?", status.as_u16()),
        },
        Form::Text => Answer::Accepted { rejected: 0, message: String::new() },
    }
}

fn form(headers: &HeaderMap) -> Form {
    let name = text(headers, CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
    let is = |known: &&str| name.eq_ignore_ascii_case(known);
    if ["application/x-protobuf", "application/protobuf"].iter().any(is) {
        Form::Protobuf
    } else if is(&"application/json") {
        Form::Json
    } else if is(&"text/html") {
        Form::Page
    } else {
        Form::Text
    }
}

/// Returns what a body says of a failure; a page is too long to say anything.
fn message(form: Form, body: &[u8]) -> String {
    let as_text = || String::from_utf8_lossy(body).into_owned();
    match form {
        Form::Protobuf => reply::failure(body).map(|failure| failure.message).unwrap_or_default(),
        Form::Json => reply::message_in_json(body).unwrap_or_else(as_text),
        Form::Text => as_text(),
        Form::Page => String::new(),
    }
}

/// Returns where a redirect points, without the user, the password and the query there.
pub(super) fn target(headers: &HeaderMap) -> String {
    let location = text(headers, LOCATION);
    let Ok(uri) = location.parse::<Uri>() else { return "nowhere".to_owned() };
    let place = uri.authority().map_or("", |authority| authority.as_str());
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    let scheme = uri.scheme_str().map(|scheme| format!("{scheme}://")).unwrap_or_default();
    format!("{scheme}{place}{}", uri.path())
}

/// Returns how long to wait, whether it is given in seconds or as a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER).trim();
    if let Ok(seconds) = value.parse() {
        return Some(reply::patient(Duration::from_secs(seconds)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(reply::patient(date.duration_since(now).unwrap_or_default()))
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_wait_is_given_in_seconds_or_as_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (value, seconds) in [
            ("120", Some(120)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", Some(0)),
            ("18446744073709551615", Some(300)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(300)),
            ("soon", None),
            ("-1", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(value))]);
            assert_eq!(retry_after(&headers, now), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
