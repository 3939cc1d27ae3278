//! Tokens and money as a person reads them: `1,962` and `$0.0029`.

/// From here on an amount rounds to a dollar in hundredths of cents as well.
const HUNDREDTHS_MAX: f64 = 0.999_95;

/// Returns a number of tokens, its thousands apart.
pub(crate) fn tokens(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns US dollars: cents from a dollar on, else hundredths of them; what would be zero so, to two
/// digits.
pub(crate) fn usd(amount: f64) -> String {
    let cents = (amount * 1e2).round();
    if amount >= HUNDREDTHS_MAX && (1e2..1e17).contains(&cents) {
        // Whole, and small enough for every digit.
        return format!("${}.{:02}", tokens(cents as u64 / 100), cents as u64 % 100);
    }
    if amount == 0.0 || (0.000_05..HUNDREDTHS_MAX).contains(&amount) {
        return format!("${amount:.4}");
    }
    if amount > 0.0 && amount < 1.0 {
        // One more place than there are zeros behind the point.
        let places = (-amount.log10()).ceil() as usize + 1;
        return format!("${amount:.places$}");
    }
    format!("${amount:e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (count, text) in [
            (0, "0"),
            (46, "46"),
            (999, "999"),
            (1_962, "1,962"),
            (123_456, "123,456"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(tokens(count), text);
        }
    }

    #[test]
    fn money_has_the_digits_that_matter() {
        for (amount, text) in [
            (0.0, "$0.0000"),
            (0.0029295, "$0.0029"),
            (0.000_589_5, "$0.0006"),
            (0.000_05, "$0.0001"),
            (0.000_049, "$0.000049"),
            (0.000_003, "$0.0000030"),
            (1e-12, "$0.0000000000010"),
            (0.25, "$0.2500"),
            (0.995, "$0.9950"),
            (0.999_9, "$0.9999"),
            (0.999_96, "$1.00"),
            (0.999_99, "$1.00"),
            (1.0, "$1.00"),
            (12.345, "$12.35"),
            (1_234_567.891, "$1,234,567.89"),
        ] {
            assert_eq!(usd(amount), text, "{amount}");
        }
    }
}
