//! Every test that `SECURITY.md` names is there, and every number it gives is the code's.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn promises() -> String {
    fs::read_to_string(root().join("SECURITY.md")).expect("it is there")
}

/// Returns what stands in backquotes.
fn quoted(text: &str) -> Vec<&str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

/// A room's name and its text.
type Room = (String, String);

fn rooms_of(folder: PathBuf, rooms: &mut Vec<Room>) {
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            rooms_of(path, rooms);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            rooms.push((name, fs::read_to_string(path).expect("the room can be read")));
        }
    }
}

fn rooms() -> Vec<Room> {
    let mut rooms = Vec::new();
    for folder in
        ["exo-trace-core", "exo-trace-std", "exo-trace-export", "exo-trace-replay", "tests"]
    {
        rooms_of(root().join(folder), &mut rooms);
    }
    rooms
}

#[test]
fn every_test_that_is_named_is_there() {
    let (promises, rooms) = (promises(), rooms());
    let is_test = |word: &&str| word.matches('_').count() > 3 && !word.contains(['.', '/']);
    let named: Vec<_> = quoted(&promises).into_iter().filter(is_test).collect();
    assert!(named.len() > 20, "{named:?}");
    let is_there = |test: &str| rooms.iter().any(|(_, room)| room.contains(&format!("fn {test}(")));
    let missing: Vec<_> = named.into_iter().filter(|test| !is_there(test)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_limit_that_is_named_is_a_constant_with_that_number() {
    let (promises, rooms) = (promises(), rooms());
    let mut named = 0;
    for line in promises.lines().filter(|line| line.starts_with('|')) {
        for name in quoted(line).into_iter().filter(|word| word.ends_with("_MAX")) {
            named += 1;
            // Where there are others of this name, its room is said with it.
            let (of, name) =
                name.split_once("::").map_or((None, name), |(of, name)| (Some(of), name));
            let said = format!("const {name}: ");
            let own = rooms.iter().filter(|(room, _)| of.is_none_or(|of| of == room));
            let values = own.flat_map(|(_, room)| room.lines()).filter_map(|line| {
                let (_, value) = line.split_once(&said)?.1.split_once(" = ")?;
                Some(value.trim_end_matches(';').to_owned())
            });
            let values: Vec<_> = values.collect();
            let is_said = |value: &String| line.contains(&format!("`{value}`"));
            let is_kept = !values.is_empty() && values.iter().all(is_said);
            assert!(is_kept, "{name} is {values:?}, and {line}");
        }
    }
    assert!(named > 10, "{named}");
}
