//! The house rules that a machine can see: rooms have headers, sizes, names and a direction.

use std::fs;
use std::path::{Path, PathBuf};

const LINES_MAX: usize = 400;
const BANNED: [&str; 8] =
    ["util", "helper", "common", "misc", "types", "manager", "handler", "inner"];

/// Every Rust file of the project, tests and examples included.
fn rooms() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut rooms = Vec::new();
    let mut folders = ["src", "exo-trace-core", "exo-trace-std", "exo-trace-export", "examples"]
        .iter()
        .chain(&["exo-trace-replay", "tests", "benches", "fuzz/fuzz_targets", "fuzz/src"])
        .map(|folder| root.join(folder))
        .collect::<Vec<_>>();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            if path.is_dir() && name.as_deref() != Some("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                rooms.push(path);
            }
        }
    }
    rooms
}

fn text(room: &Path) -> String {
    fs::read_to_string(room).expect("the room can be read")
}

/// Returns the rooms that break a rule, as a list to read.
fn those(breaks: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    rooms()
        .iter()
        .filter(|room| breaks(room, &text(room)))
        .map(|room| room.strip_prefix(root).unwrap_or(room).display().to_string())
        .collect()
}

/// What the compiler is shown to refuse or accept is written as its users would write it.
fn is_shown_to_the_compiler(room: &Path) -> bool {
    room.components().any(|part| part.as_os_str() == "ui")
}

#[test]
fn every_room_opens_with_its_idea() {
    let without = those(|room, text| !is_shown_to_the_compiler(room) && !text.starts_with("//! "));
    assert!(without.is_empty(), "no header line: {without:#?}");
}

#[test]
fn no_room_holds_two_ideas() {
    let long = those(|_, text| text.lines().count() > LINES_MAX);
    assert!(long.is_empty(), "past {LINES_MAX} lines: {long:#?}");
}

#[test]
fn rooms_are_named_for_what_is_in_them() {
    let vague = those(|room, _| {
        let name = room.file_stem().unwrap_or_default().to_string_lossy();
        BANNED.iter().any(|banned| name == *banned || name == format!("{banned}s"))
    });
    assert!(vague.is_empty(), "vague names: {vague:#?}");
}

#[test]
fn nobody_is_unsafe() {
    let word = format!("{}safe ", "un");
    let blocks = [format!("{word}{{"), format!("{word}impl")];
    let found = those(|room, text| {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        !is_shown_to_the_compiler(room)
            && code.into_iter().any(|line| blocks.iter().any(|block| line.contains(block)))
    });
    assert!(found.is_empty(), "unsafe code: {found:#?}");
}

#[test]
fn the_arrow_between_crates_does_not_turn() {
    let above = [
        ("exo-trace-core", ["exo_trace_std", "exo_trace_export", "std::thread"].as_slice()),
        ("exo-trace-std", ["exo_trace_export"].as_slice()),
    ];
    for (below, names) in above {
        let turned = those(|room, text| {
            let is_source = room.components().any(|part| part.as_os_str() == below)
                && room.components().any(|part| part.as_os_str() == "src");
            // Tests in a file may use the standard library.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            is_source && names.iter().any(|name| code.contains(name))
        });
        assert!(turned.is_empty(), "{below} knows what is above it: {turned:#?}");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let words = [format!("TO{}", "DO"), format!("FIX{}", "ME"), format!("for {}\n", "now")];
    let left = those(|_, text| words.iter().any(|word| text.contains(word.as_str())));
    assert!(left.is_empty(), "left for later: {left:#?}");
}
