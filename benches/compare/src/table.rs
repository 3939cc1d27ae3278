//! What a run came to, as the lines of a page: goals, contenders, our own ways, exported spans.

use crate::contender::{SPAN, TWO};
use crate::contenders::Name;
use crate::exported;
use crate::figures::{Figure, Figures};
use crate::goals::{self, Goal, Source, Unit, Verdict};
use crate::machine::Machine;
use crate::spread::Spread;
use crate::{grid, packages};

/// Returns the whole page, as Markdown that a terminal can show as well.
pub(crate) fn page(figures: &Figures, machine: &Machine, how: &str) -> Vec<String> {
    let mut page = vec![format!("{machine}."), format!("`{how}`"), String::new()];
    page.extend(machine.warning().map(|warning| format!("**Warning:** {warning}.\n")));
    page.extend(section("What must be reached", goals(figures)));
    page.extend(section("A span, beside the rivals", rivals(figures)));
    if let Some(apart) = &figures.apart {
        page.extend(section("The same, with their own threads on another core", rivals(apart)));
    }
    page.extend(section("Everything else on the calling thread", ways(figures)));
    page.extend(section("The whole", whole(figures)));
    page.extend(section("Spans exported over OTLP/gRPC", exported::lines(&figures.exported)));
    page.extend(section("Who was compared", who()));
    page.extend(verdicts(figures));
    page
}

fn section(title: &str, lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        return lines;
    }
    let head = [format!("### {title}"), String::new()];
    head.into_iter().chain(lines).chain([String::new()]).collect()
}

fn goals(figures: &Figures) -> Vec<String> {
    let rows: Vec<Vec<String>> =
        goals::all().iter().filter_map(|goal| row(goal, figures)).collect();
    grid::lines(&["", "figure", "", "p10 to p90", "lost", "goal", ""], &rows)
}

fn row(goal: &Goal, figures: &Figures) -> Option<Vec<String>> {
    let (figure, verdict) = (goal.figure(figures), goal.verdict(figures));
    // A row that no contender has a way for yet says nothing.
    if verdict == Verdict::NotMeasured && matches!(goal.from, Source::Beyond(..)) {
        return None;
    }
    let show = |figure: f64| goal.unit.show(figure);
    let [middle, spread, lost] = match figure {
        Some(Figure { spread, lost }) => [
            show(spread.median),
            format!("{}–{}", show(spread.low), show(spread.high)),
            lost.to_string(),
        ],
        None => [const { String::new() }; 3],
    };
    let unit = goal.unit.to_string();
    Some(vec![
        goal.what.to_owned(),
        middle,
        unit,
        spread,
        lost,
        goal.bound.to_string(),
        verdict.to_string(),
    ])
}

/// A row for each contender that says both, in the order of what two attributes cost.
fn rivals(figures: &Figures) -> Vec<String> {
    let mut names: Vec<Name> = [Name::ExoTrace].into_iter().chain(Name::rivals()).collect();
    let cost = |name: &Name| {
        figures.nanos(*name, TWO).map_or(f64::INFINITY, |figure| figure.spread.median)
    };
    names.sort_by(|one, other| cost(one).total_cmp(&cost(other)));
    let floor = figures.floor_nanos().map(|floor| {
        let [low, high] = [floor.low, floor.high].map(|nanos| Unit::Nanos.show(nanos));
        let middle = Unit::Nanos.show(floor.median);
        ["the floor".to_owned(), middle, format!("{low}–{high}")].to_vec()
    });
    let rows: Vec<Vec<String>> =
        floor.into_iter().chain(names.into_iter().map(|name| rival(figures, name))).collect();
    grid::lines(
        &[
            "",
            "span, ns",
            "p10 to p90",
            "× floor",
            "× ours",
            "2 attributes, ns",
            "p10 to p90",
            "× floor",
            "× ours",
            "lost",
            "resident MiB",
        ],
        &rows,
    )
}

fn rival(figures: &Figures, name: Name) -> Vec<String> {
    let mut row = vec![name.text().to_owned()];
    let Some(turns) = figures.turns_of(name) else { return row };
    if let Some(failure) = &turns.failure {
        row.push(format!("did not run: {failure}"));
        return row;
    }
    for way in [SPAN, TWO] {
        let nanos = figures.nanos(name, way).map(|figure| figure.spread);
        row.push(nanos.map_or_else(String::new, |nanos| Unit::Nanos.show(nanos.median)));
        row.push(nanos.map_or_else(String::new, |nanos| spread(nanos, Unit::Nanos)));
        for (figure, unit) in [
            (figures.times_floor(name, way), Unit::Times),
            (figures.against_ours(name, way), Unit::TimesOurs),
        ] {
            row.push(figure.map_or_else(String::new, |figure| unit.show(figure.spread.median)));
        }
    }
    let lost = turns.missing();
    row.push(if lost > 0 { format!("{lost}: VOID") } else { "0".to_owned() });
    let resident = Spread::of(turns.turns.iter().map(|turn| turn.resident_kib as f64 / 1024.0));
    row.push(resident.map_or_else(String::new, |resident| format!("{:.1}", resident.high)));
    row
}

fn spread(spread: Spread, unit: Unit) -> String {
    format!("{}–{}", unit.show(spread.low), unit.show(spread.high))
}

/// What our own contenders do besides.
fn ways(figures: &Figures) -> Vec<String> {
    let ours = [Name::ExoTrace, Name::Unsampled, Name::Disabled];
    let rows: Vec<Vec<String>> = ours
        .into_iter()
        .flat_map(|name| ways_of(figures, name).into_iter().map(move |way| (name, way)))
        .filter_map(|(name, way)| {
            let (nanos, times) = (figures.nanos(name, &way)?, figures.times_floor(name, &way)?);
            let middle = Unit::Nanos.show(nanos.spread.median);
            let times = Unit::TimesFloor.show(times.spread.median);
            let lost = nanos.lost.to_string();
            Some(vec![
                format!("{}: {way}", name.text()),
                middle,
                spread(nanos.spread, Unit::Nanos),
                times,
                lost,
            ])
        })
        .collect();
    grid::lines(&["", "ns", "p10 to p90", "× floor", "lost"], &rows)
}

/// Every figure of every question, in the question's own words.
fn whole(figures: &Figures) -> Vec<String> {
    let rows: Vec<Vec<String>> = figures
        .answers
        .iter()
        .flat_map(|answer| {
            let names = answer.said.first().into_iter().flat_map(|said| said.figures.keys());
            names.map(|name| (answer.question, name.as_str()))
        })
        .filter_map(|(question, name)| {
            let figure = figures.answer(question, name)?;
            let middle = Unit::Nanos.show(figure.spread.median);
            let tenths = spread(figure.spread, Unit::Nanos);
            Some(vec![
                format!("{}: {name}", question.text()),
                middle,
                tenths,
                figure.lost.to_string(),
            ])
        })
        .collect();
    grid::lines(&["", "", "p10 to p90", "lost"], &rows)
}

fn ways_of(figures: &Figures, name: Name) -> Vec<String> {
    let turn = figures.turns_of(name).and_then(|turns| turns.turns.first());
    turn.map_or_else(Vec::new, |turn| turn.ways.iter().map(|took| took.way.clone()).collect())
}

fn who() -> Vec<String> {
    let lines = Name::rivals().map(|name| {
        let about = name.about();
        let versions = packages::versions(about.packages);
        format!("- **{}** ({versions}): {}. It lacks {}.", name.text(), about.settings, about.lacks)
    });
    let senders = packages::versions(&exported::SENDERS);
    let exported = format!("- **Over OTLP/gRPC** ({senders}): {}.", exported::SETTINGS);
    lines.chain([exported]).collect()
}

fn verdicts(figures: &Figures) -> Vec<String> {
    let all: Vec<Verdict> = goals::all().iter().map(|goal| goal.verdict(figures)).collect();
    let count = |wanted| all.iter().filter(|verdict| **verdict == wanted).count();
    let [reached, missed, void] = [Verdict::Reached, Verdict::Missed, Verdict::Void].map(count);
    let complaints = figures.complaints().into_iter().map(|complaint| format!("- {complaint}"));
    [format!("{reached} goals reached, {missed} missed, {void} void.")]
        .into_iter()
        .chain(complaints)
        .collect()
}
