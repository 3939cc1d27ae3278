//! The picture: what a span costs with whom, on a scale of powers, beside the floor.
//!
//! Two bars for each contender: a span, and a span with two attributes; a dark line across a bar's end
//! says where a tenth and nine tenths of the turns lie. Texts are left to the viewer's own font.

use crate::contender::{SPAN, TWO};
use crate::contenders::Name;
use crate::figures::Figures;
use crate::goals::Unit;
use crate::machine::Machine;
use crate::spread::Spread;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::error::Error;
use std::path::Path;

const SIZE: (u32, u32) = (1000, 620);
const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(40, 40, 40);
const OURS: [RGBColor; 2] = [RGBColor(120, 180, 120), RGBColor(30, 120, 60)];
const THEIRS: [RGBColor; 2] = [RGBColor(160, 180, 210), RGBColor(70, 100, 150)];
const FLOOR: RGBColor = RGBColor(200, 60, 40);
/// Where a bar lies in its contender's row of one, from its top.
const BARS: [(f64, f64); 2] = [(0.14, 0.48), (0.52, 0.86)];

/// One contender's row.
struct Row {
    name: Name,
    nanos: [Spread; 2],
}

/// Draws into a file.
///
/// # Errors
///
/// Fails where nothing was measured, and where the file cannot be written.
pub(crate) fn draw(
    figures: &Figures,
    machine: &Machine,
    path: &Path,
) -> Result<(), Box<dyn Error>> {
    let rows = rows(figures);
    let floor = figures.floor_nanos().ok_or("nothing was measured")?.median;
    let most = rows.iter().flat_map(|row| row.nanos).map(|nanos| nanos.high).fold(floor, f64::max);
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption("What a span costs the thread that makes it", text(20, HPos::Left))
        .margin(14)
        .margin_bottom(56)
        .x_label_area_size(44)
        .y_label_area_size(140)
        .build_cartesian_2d((1.0..most * 2.0).log_scale(), 0.0..rows.len() as f64)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .light_line_style(RGBColor(240, 240, 240))
        .bold_line_style(RGBColor(215, 215, 215))
        .x_desc("nanoseconds for each span, on a scale of powers: shorter is better")
        .x_label_formatter(&|nanos| format!("{nanos:.0}"))
        .label_style(text(13, HPos::Left))
        .axis_desc_style(text(13, HPos::Left))
        .draw()?;
    for (place, row) in rows.iter().rev().enumerate() {
        bars(&mut chart, &area, place as f64, row)?;
    }
    let ends = [(floor, 0.0), (floor, rows.len() as f64)];
    chart.draw_series([PathElement::new(ends, FLOOR.stroke_width(2))])?;
    legend(&area, floor, machine)?;
    Ok(area.present()?)
}

type Chart<'a> = ChartContext<
    'a,
    SVGBackend<'a>,
    Cartesian2d<plotters::coord::combinators::LogCoord<f64>, RangedCoordf64>,
>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws one contender's bars and what they say; rows count upward, bars from a row's top.
fn bars(
    chart: &mut Chart<'_>,
    area: &Area<'_>,
    place: f64,
    row: &Row,
) -> Result<(), Box<dyn Error>> {
    let colours = if row.name == Name::ExoTrace { OURS } else { THEIRS };
    for ((nanos, (from, to)), colour) in row.nanos.iter().zip(BARS).zip(colours) {
        let (top, bottom) = (place + 1.0 - from, place + 1.0 - to);
        let middle = (top + bottom) / 2.0;
        let bar = Rectangle::new([(1.0, top), (nanos.median, bottom)], colour.filled());
        let tenths = [(nanos.low, middle), (nanos.high, middle)];
        chart.draw_series([bar])?;
        chart.draw_series([PathElement::new(tenths, INK.stroke_width(2))])?;
        let (x, y) = chart.backend_coord(&(nanos.high, middle));
        let said = Unit::Nanos.show(nanos.median);
        area.draw(&Text::new(said, (x + 6, y), text(12, HPos::Left)))?;
    }
    let (x, y) = chart.backend_coord(&(1.0, place + 0.5));
    area.draw(&Text::new(row.name.text(), (x - 10, y), text(14, HPos::Right)))?;
    Ok(())
}

/// Says below the chart what its colours and its line are, and where it was made.
fn legend(area: &Area<'_>, floor: f64, machine: &Machine) -> Result<(), Box<dyn Error>> {
    let floor =
        format!("the floor, {}: two clock reads and 64 bytes stored", Unit::Nanos.show(floor));
    let entries = [
        (14, THEIRS[0], "a span"),
        (110, THEIRS[1], "a span with two attributes"),
        (330, FLOOR, &floor),
    ];
    let y = SIZE.1 as i32 - 44;
    for (x, colour, said) in entries {
        area.draw(&Rectangle::new([(x, y - 6), (x + 14, y + 6)], colour.filled()))?;
        area.draw(&Text::new(said.to_owned(), (x + 20, y), text(12, HPos::Left)))?;
    }
    let Machine { cpu, cores, clock_source, commit, date, .. } = machine;
    let kind = if machine.is_virtual { "virtual" } else { "real" };
    let state = if machine.is_dirty { " with changes" } else { "" };
    let made = format!(
        "{cpu}, {cores} cores, {kind}, clock source {clock_source}; commit {commit}{state}, {date}; lines: tenths of the turns"
    );
    area.draw(&Text::new(made, (14, SIZE.1 as i32 - 20), text(12, HPos::Left)))?;
    Ok(())
}

fn text(size: i32, side: HPos) -> TextStyle<'static> {
    (FONT, size).into_font().color(&INK).pos(Pos::new(side, VPos::Center))
}

/// Returns who said both, the cheapest first.
fn rows(figures: &Figures) -> Vec<Row> {
    let names = [Name::ExoTrace].into_iter().chain(Name::rivals());
    let mut rows: Vec<Row> = names
        .filter_map(|name| {
            let [span, two] = [SPAN, TWO].map(|way| figures.nanos(name, way));
            Some(Row { name, nanos: [span?.spread, two?.spread] })
        })
        .collect();
    rows.sort_by(|one, other| one.nanos[1].median.total_cmp(&other.nanos[1].median));
    rows
}
