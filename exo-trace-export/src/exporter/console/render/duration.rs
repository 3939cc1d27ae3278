//! A length of time as a person reads it: two or three digits and the unit that fits.

const NANOS_PER_SECOND: u64 = 1_000_000_000;
const NANOS_PER_MINUTE: u64 = 60 * NANOS_PER_SECOND;

/// One way to write a duration: in `step_nanos`, of which `decimals` digits stand behind the
/// point, for whatever rounds to fewer than `steps_end` steps.
struct Scale {
    step_nanos: u64,
    decimals: usize,
    steps_end: u64,
    unit: &'static str,
}

const fn scale(step_nanos: u64, decimals: usize, steps_end: u64, unit: &'static str) -> Scale {
    Scale { step_nanos, decimals, steps_end, unit }
}

// Tried in this order after rounding, so 999.6 µs becomes 1.0 ms and never 1000 µs.
const SCALES: [Scale; 7] = [
    scale(1, 0, 1_000, "ns"),
    scale(100, 1, 100, "µs"),
    scale(1_000, 0, 1_000, "µs"),
    scale(100_000, 1, 100, "ms"),
    scale(1_000_000, 0, 1_000, "ms"),
    scale(10_000_000, 2, 1_000, "s"),
    scale(100_000_000, 1, 600, "s"),
];

/// Returns `nanos` in two or three digits and a unit, such as `9.1 ms`.
///
/// From a minute on it is two units, `2 m 05 s` or `3 h 07 m`. Halves round up, and the unit is
/// chosen after rounding. Nanoseconds below 10 are exact and so have one digit.
pub(crate) fn duration(nanos: u64) -> String {
    for Scale { step_nanos, decimals, steps_end, unit } in SCALES {
        let steps = rounded(nanos, step_nanos);
        if steps < steps_end {
            return format!("{} {unit}", with_point(steps, decimals));
        }
    }
    let seconds = rounded(nanos, NANOS_PER_SECOND);
    if seconds < 3_600 {
        return format!("{} m {:02} s", seconds / 60, seconds % 60);
    }
    let minutes = rounded(nanos, NANOS_PER_MINUTE);
    format!("{} h {:02} m", minutes / 60, minutes % 60)
}

fn rounded(nanos: u64, step_nanos: u64) -> u64 {
    nanos.saturating_add(step_nanos / 2) / step_nanos
}

fn with_point(steps: u64, decimals: usize) -> String {
    let mut digits = format!("{steps:0least$}", least = decimals + 1);
    if decimals > 0 {
        digits.insert(digits.len() - decimals, '.');
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_shows_two_or_three_digits() {
        let picture = [
            (1_312_000_000, "1.31 s"),
            (243_000_000, "243 ms"),
            (13_000_000, "13 ms"),
            (9_100_000, "9.1 ms"),
            (900_000, "900 µs"),
            (41_000, "41 µs"),
            (4_100, "4.1 µs"),
            (850, "850 ns"),
            (12_340_000_000, "12.3 s"),
        ];
        for (nanos, text) in picture {
            assert_eq!(duration(nanos), text);
        }
    }

    #[test]
    fn rounding_up_moves_to_the_next_unit() {
        assert_eq!(duration(999), "999 ns");
        assert_eq!(duration(1_000), "1.0 µs");
        assert_eq!(duration(9_949), "9.9 µs");
        assert_eq!(duration(9_950), "10 µs");
        assert_eq!(duration(999_499), "999 µs");
        assert_eq!(duration(999_500), "1.0 ms");
        assert_eq!(duration(999_500_000), "1.00 s");
        assert_eq!(duration(9_995_000_000), "10.0 s");
        assert_eq!(duration(59_949_999_999), "59.9 s");
        assert_eq!(duration(59_950_000_000), "1 m 00 s");
        assert_eq!(duration(3_599_500_000_000), "1 h 00 m");
    }

    #[test]
    fn minutes_and_hours_take_two_units() {
        assert_eq!(duration(125_000_000_000), "2 m 05 s");
        assert_eq!(duration(11_220_000_000_000), "3 h 07 m");
    }

    #[test]
    fn the_shortest_and_the_longest_have_a_text_too() {
        assert_eq!(duration(0), "0 ns");
        assert_eq!(duration(u64::MAX), "5124095 h 34 m");
    }
}
