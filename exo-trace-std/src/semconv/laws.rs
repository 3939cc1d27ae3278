//! The constants are what their sources say: the page, the package, the conventions, the back ends.
//!
//! `sources/` holds the facts as lists: `page.txt` and `package.tsv` what the Python package's page
//! and its code name, `attributes.tsv` and `http.tsv` OpenTelemetry's conventions, `back_ends.tsv` and `exo.tsv` what
//! others and this library add. The compile-time check of misspelt keys has a list of its own, which
//! is equal to these constants.

use super::convention::{Row, Values};
use super::*;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("sources/page.txt");
const PACKAGE: &str = include_str!("sources/package.tsv");
const SOURCES: [&str; 4] = [
    include_str!("sources/attributes.tsv"),
    include_str!("sources/http.tsv"),
    include_str!("sources/back_ends.tsv"),
    include_str!("sources/exo.tsv"),
];
/// What the macros hold written keys against.
const KNOWN: &str = include_str!("../../macros/src/known_names.txt");

fn rows() -> impl Iterator<Item = &'static Row> {
    let rooms = [
        agent::ROWS,
        back_ends::ROWS,
        call::ROWS,
        content::ROWS,
        exo::ROWS,
        http::ROWS,
        knowledge::ROWS,
        mcp::ROWS,
        openinference::ROWS,
        program::ROWS,
        providers::ROWS,
        response::ROWS,
        tool::ROWS,
        usage::ROWS,
    ];
    rooms.into_iter().flatten()
}

fn keys() -> BTreeSet<&'static str> {
    rows().map(|row| row.key).collect()
}

/// One line of a source: key, type, stability, what replaces it, and its values.
fn lines() -> impl Iterator<Item = [&'static str; 5]> {
    SOURCES.iter().flat_map(|source| source.lines().skip(1)).map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        columns.try_into().unwrap_or_else(|columns| panic!("five columns: {columns:?}"))
    })
}

/// Spells a text as a constant: upper case, and an underscore for whatever is no letter or digit.
fn spelt(text: &str) -> String {
    let is_mixed = text.chars().any(char::is_lowercase);
    let mut spelt = String::new();
    for letter in text.chars() {
        if is_mixed && letter.is_uppercase() {
            spelt.push('_');
        }
        let fits = letter.is_ascii_alphanumeric();
        spelt.push(if fits { letter.to_ascii_uppercase() } else { '_' });
    }
    spelt.trim_start_matches('_').to_owned()
}

#[test]
fn every_constant_is_spelt_as_its_key() {
    for row in rows() {
        assert_eq!(row.constant, spelt(row.key));
    }
}

#[test]
fn every_key_has_one_constant() {
    assert_eq!(keys().len(), rows().count());
}

#[test]
fn all_rows_of_the_page_are_there() {
    let known = keys();
    assert_eq!(PAGE.lines().count(), 13);
    for name in PAGE.lines() {
        assert!(known.contains(name), "{name}");
    }
}

#[test]
fn whatever_the_package_names_is_there() {
    let known = keys();
    let texts: BTreeMap<_, _> = package::TEXTS.iter().copied().collect();
    let mut named = 0;
    for line in PACKAGE.lines().skip(1) {
        let (what, text) = line.split_once('\t').expect("two columns");
        if what == "attribute" {
            assert!(known.contains(text), "{text}");
        } else {
            let constant = spelt(&format!("{what}.{}", text.trim_end_matches('.')));
            assert_eq!(texts.get(constant.as_str()), Some(&text), "{constant}");
            named += 1;
        }
    }
    assert_eq!(named, texts.len());
}

#[test]
fn type_stability_and_replacement_are_the_sources() {
    let said: BTreeSet<Row> = lines()
        .map(|[key, kind, stability, instead, _]| {
            let constant = rows().find(|row| row.key == key).map_or("", |row| row.constant);
            Row { key, kind, stability, instead, constant }
        })
        .collect();
    let ours: BTreeSet<Row> = rows().copied().collect();
    let missing: Vec<_> = said.difference(&ours).collect();
    let invented: Vec<_> = ours.difference(&said).collect();
    assert!(missing.is_empty() && invented.is_empty(), "not {missing:#?}\nbut {invented:#?}");
}

#[test]
fn what_replaces_a_name_is_not_replaced_itself() {
    let replaced: BTreeSet<_> =
        rows().filter(|row| !row.instead.is_empty()).map(|row| row.key).collect();
    for row in rows() {
        assert!(!replaced.contains(row.instead), "{} -> {}", row.key, row.instead);
    }
}

#[test]
fn the_known_values_are_the_sources() {
    let said: BTreeMap<_, BTreeSet<&str>> = lines()
        .filter(|[.., values]| !values.is_empty())
        .map(|[key, .., values]| (key, values.split('|').collect()))
        .collect();
    let ours: BTreeMap<_, BTreeSet<&str>> = values::VALUES
        .iter()
        .map(|Values { key, values }| (*key, values.iter().map(|(_, text)| *text).collect()))
        .collect();
    assert_eq!(ours, said);
    for (constant, text) in values::VALUES.iter().flat_map(|known| known.values) {
        assert_eq!(*constant, spelt(text));
    }
}

#[test]
fn a_misspelt_key_is_held_against_the_same_names() {
    let ours: BTreeSet<String> = rows()
        .filter(|row| row.key.starts_with("gen_ai.") || row.key.starts_with("exo."))
        .map(|row| {
            let rest = if row.kind.starts_with("template") { ".<key>" } else { "" };
            format!("{}{rest}", row.key)
        })
        .collect();
    let known: BTreeSet<String> = KNOWN.lines().map(str::to_owned).collect();
    assert_eq!(ours, known);
}
