//! All that one run of the command measured, and the questions that a goal asks of it.

use crate::contenders::Name;
use crate::exported::{Measured, Mix, Run};
use crate::rounds::Turns;
use crate::spread::Spread;
use crate::turn::{Took, Turn};
use crate::whole::{Answer, Question};

/// What was measured; a part that a short run leaves out is empty.
#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) turns: Vec<Turns>,
    /// The turns of those who are compared, with their own threads on another core.
    pub(crate) apart: Option<Box<Figures>>,
    pub(crate) exported: Vec<Measured>,
    pub(crate) answers: Vec<Answer>,
    /// What `ci/off.sh` said: whether it passed, and its words.
    pub(crate) off: Option<(bool, String)>,
}

/// A figure and what was lost on the way to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) spread: Spread,
    pub(crate) lost: u64,
}

impl Figures {
    /// Returns a way's nanoseconds.
    pub(crate) fn nanos(&self, name: Name, way: &str) -> Option<Figure> {
        self.each_turn(name, |turn| Some(took(turn, way)?.nanos))
    }

    /// Returns a way's multiple of the floor that stood beside it.
    pub(crate) fn times_floor(&self, name: Name, way: &str) -> Option<Figure> {
        self.each_turn(name, |turn| Some(took(turn, way)?.times_floor()))
    }

    /// Returns how many nanoseconds more than `bare` a way takes, both in the same turns.
    pub(crate) fn beyond(&self, name: Name, way: &str, bare: &str) -> Option<Figure> {
        self.each_turn(name, |turn| Some(took(turn, way)?.nanos - took(turn, bare)?.nanos))
    }

    /// Returns how many times as long as ours a rival's way takes, each against its own floor, both in
    /// the same rounds.
    pub(crate) fn against_ours(&self, rival: Name, way: &str) -> Option<Figure> {
        let (ours, theirs) = (self.turns_of(Name::ExoTrace)?, self.turns_of(rival)?);
        let rounds = ours.turns.iter().zip(&theirs.turns);
        let ratios = rounds.map(|(ours, theirs)| {
            Some(took(theirs, way)?.times_floor() / took(ours, way)?.times_floor())
        });
        let spread = Spread::of(ratios.collect::<Option<Vec<_>>>()?)?;
        Some(Figure { spread, lost: ours.missing() + theirs.missing() })
    }

    /// Returns the floor's nanoseconds, beside whoever had the turn.
    pub(crate) fn floor_nanos(&self) -> Option<Spread> {
        let turns = self.turns.iter().flat_map(|turns| &turns.turns);
        Spread::of(turns.flat_map(|turn| &turn.ways).map(|took| took.floor_nanos))
    }

    /// Returns our processor time for each exported span.
    pub(crate) fn exported_cpu(&self, mix: Mix) -> Option<Figure> {
        let ours = self.exported.iter().find(|one| one.is_ours() && one.mix == mix)?;
        let spread = Spread::of(ours.runs.iter().map(Run::cpu_nanos))?;
        Some(Figure { spread, lost: ours.lost() })
    }

    /// Returns one figure of a question about the whole.
    pub(crate) fn answer(&self, question: Question, figure: &str) -> Option<Figure> {
        let answer = self.answers.iter().find(|answer| answer.question == question)?;
        let values: Option<Vec<f64>> =
            answer.said.iter().map(|said| said.figures.get(figure).copied()).collect();
        let lost = answer.said.iter().map(|said| said.lost).sum();
        Some(Figure { spread: Spread::of(values?)?, lost })
    }

    /// Returns who lost something or could not run, and why: with one, the run is void.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let bursts = self
            .turns
            .iter()
            .map(|turns| (turns.name.text().to_owned(), turns.missing(), turns.failure.clone()));
        let exported = self.exported.iter().map(|one| {
            (format!("{}, exported", one.contender.name()), one.lost(), one.failure.clone())
        });
        let answers = self.answers.iter().map(|answer| {
            let lost = answer.said.iter().map(|said| said.lost).sum();
            (answer.question.text().to_owned(), lost, answer.failure.clone())
        });
        let apart = self.apart.iter().flat_map(|apart| apart.complaints());
        let said = bursts.chain(exported).chain(answers).flat_map(|(who, lost, failure)| {
            let lost = (lost > 0).then(|| format!("{who}: VOID, {lost} lost"));
            lost.into_iter().chain(failure.map(|why| format!("{who}: did not run: {why}")))
        });
        said.chain(apart).collect()
    }

    pub(crate) fn turns_of(&self, name: Name) -> Option<&Turns> {
        self.turns.iter().find(|turns| turns.name == name)
    }

    fn each_turn(&self, name: Name, of: impl Fn(&Turn) -> Option<f64>) -> Option<Figure> {
        let turns = self.turns_of(name)?;
        let figures: Option<Vec<f64>> = turns.turns.iter().map(of).collect();
        Some(Figure { spread: Spread::of(figures?)?, lost: turns.missing() })
    }
}

fn took<'t>(turn: &'t Turn, way: &str) -> Option<&'t Took> {
    turn.ways.iter().find(|took| took.way == way)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contender::{BARE, SPAN};

    fn turns(name: Name, rounds: &[[f64; 3]], missing: u64) -> Turns {
        let turn = |[bare, span, floor_nanos]: &[f64; 3]| Turn {
            ways: [(BARE, bare), (SPAN, span)]
                .map(|(way, nanos)| Took {
                    way: way.to_owned(),
                    nanos: *nanos,
                    floor_nanos: *floor_nanos,
                })
                .to_vec(),
            missing,
            resident_kib: 1,
        };
        Turns { name, turns: rounds.iter().map(turn).collect(), failure: None }
    }

    fn figures() -> Figures {
        let ours =
            turns(Name::ExoTrace, &[[2.0, 22.0, 20.0], [4.0, 44.0, 40.0], [3.0, 33.0, 30.0]], 0);
        let theirs =
            turns(Name::Fastrace, &[[2.0, 44.0, 20.0], [2.0, 44.0, 20.0], [2.0, 66.0, 20.0]], 1);
        Figures { turns: vec![ours, theirs], ..Figures::default() }
    }

    #[test]
    fn a_machine_that_slows_down_changes_no_ratio() {
        let times = figures().times_floor(Name::ExoTrace, SPAN).unwrap().spread;
        assert_eq!((times.low, times.median, times.high), (1.1, 1.1, 1.1));
    }

    #[test]
    fn what_a_way_adds_is_asked_within_a_turn() {
        let more = figures().beyond(Name::ExoTrace, SPAN, BARE).unwrap().spread;
        assert_eq!((more.low, more.median, more.high), (20.0, 30.0, 40.0));
    }

    #[test]
    fn a_rival_is_compared_round_by_round_each_with_its_floor() {
        let against = figures().against_ours(Name::Fastrace, SPAN).unwrap();
        assert!(
            (against.spread.median - 2.0).abs() < 1e-9 && (against.spread.high - 3.0).abs() < 1e-9
        );
        assert_eq!(against.lost, 3, "what the rival lost in its three turns");
    }

    #[test]
    fn who_lost_something_is_named() {
        assert_eq!(figures().complaints(), ["fastrace: VOID, 3 lost"]);
    }

    #[test]
    fn what_nobody_measured_has_no_figure() {
        assert_eq!(figures().nanos(Name::Tracy, SPAN), None);
        assert_eq!(figures().nanos(Name::ExoTrace, "nothing"), None);
    }
}
