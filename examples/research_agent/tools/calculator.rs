//! Evaluates `+ - * / ( )` over decimal numbers, by recursive descent with a bounded depth.
//!
//! Arithmetic is in double precision: whole numbers are exact up to 2^53.

use super::{ToolError, ToolOutput};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};

const EXPRESSION_BYTES_MAX: usize = 1_000;
/// Parentheses and signs within each other.
const DEPTH_MAX: usize = 32;

/// What the calculator returns to the model.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Calculation {
    pub(crate) expression: String,
    pub(crate) result: f64,
}

/// Evaluates `expression`.
///
/// # Errors
///
/// See [`CalculatorError`].
pub(crate) fn calculator(expression: &str) -> Result<ToolOutput, ToolError> {
    let result = evaluate(expression)?;
    let expression = expression.to_owned();
    Ok(ToolOutput {
        fact: format!("{expression} = {result}"),
        content: serde_json::json!(Calculation { expression, result }).to_string(),
    })
}

/// Returns the value of `expression`.
///
/// # Errors
///
/// Names what is not arithmetic and where, a division by zero, and what is too long or too deep.
pub(crate) fn evaluate(expression: &str) -> Result<f64, CalculatorError> {
    if expression.len() > EXPRESSION_BYTES_MAX {
        return Err(CalculatorError::TooLong(expression.len()));
    }
    let mut parser = Parser { text: expression, at: 0 };
    let value = parser.sum(0)?;
    match parser.peek() {
        Some(_) => Err(parser.unexpected("an operator or the end")),
        None if value.is_finite() => Ok(value),
        None => Err(CalculatorError::Overflow),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn sum(&mut self, depth: usize) -> Result<f64, CalculatorError> {
        let mut value = self.product(depth)?;
        while let Some(operator) = self.take(['+', '-']) {
            let right = self.product(depth)?;
            value += if operator == '+' { right } else { -right };
        }
        Ok(value)
    }

    fn product(&mut self, depth: usize) -> Result<f64, CalculatorError> {
        let mut value = self.factor(depth)?;
        while let Some(operator) = self.take(['*', '/']) {
            let right = self.factor(depth)?;
            match operator {
                '*' => value *= right,
                _ if right == 0.0 => return Err(CalculatorError::DivisionByZero),
                _ => value /= right,
            }
        }
        Ok(value)
    }

    fn factor(&mut self, depth: usize) -> Result<f64, CalculatorError> {
        if depth == DEPTH_MAX {
            return Err(CalculatorError::TooDeep);
        }
        match self.take(['(', '-', '+']) {
            Some('(') => {
                let value = self.sum(depth + 1)?;
                match self.take([')']) {
                    Some(_) => Ok(value),
                    None => Err(self.unexpected("an operator or \")\"")),
                }
            }
            Some('-') => Ok(-self.factor(depth + 1)?),
            Some(_) => self.factor(depth + 1),
            None => self.number(),
        }
    }

    fn number(&mut self) -> Result<f64, CalculatorError> {
        let rest = self.rest();
        let is_part = |letter: char| letter.is_ascii_digit() || letter == '.';
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let value = rest[..end].parse();
        let value = value.map_err(|_| self.unexpected("a number or \"(\""))?;
        self.at += end;
        Ok(value)
    }

    fn take<const N: usize>(&mut self, wanted: [char; N]) -> Option<char> {
        let letter = self.peek().filter(|letter| wanted.contains(letter))?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    /// Skips white space and looks at the next letter.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn unexpected(&self, expected: &'static str) -> CalculatorError {
        let found = self.rest().chars().next();
        CalculatorError::Unexpected { found, at: self.at, expected }
    }
}

/// Why an expression has no value.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub(crate) enum CalculatorError {
    /// `at` counts bytes from zero; `found` is absent at the end.
    Unexpected {
        found: Option<char>,
        at: usize,
        expected: &'static str,
    },
    DivisionByZero,
    Overflow,
    TooDeep,
    TooLong(usize),
}

impl Display for CalculatorError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected { found: Some(found), at, expected } => {
                write!(f, "found \"{found}\" at byte {at}, expected {expected}")
            }
            Self::Unexpected { found: None, expected, .. } => {
                write!(f, "the expression ends, expected {expected}")
            }
            Self::DivisionByZero => f.write_str("divisor is 0, expected another number"),
            Self::Overflow => write!(f, "the value is too large, expected at most {:e}", f64::MAX),
            Self::TooDeep => {
                write!(f, "expected at most {DEPTH_MAX} parentheses or signs in a row")
            }
            Self::TooLong(bytes) => {
                write!(f, "expression has {bytes} bytes, expected at most {EXPRESSION_BYTES_MAX}")
            }
        }
    }
}

impl std::error::Error for CalculatorError {}

#[cfg(test)]
mod tests {
    use super::{CalculatorError, evaluate};

    #[test]
    fn arithmetic_follows_the_school_rules() {
        for (expression, value) in [
            ("32768 * 8", 262_144.0),
            ("1 + 2 * 3 - 4 / 2", 5.0),
            ("(1 + 2) * (3 - 4)", -3.0),
            ("-(2 - 5) * -2", -6.0),
            ("10 - 3 - 2", 5.0),
            ("100 / 10 / 5", 2.0),
            (" .5+1.25 ", 1.75),
            ("--1", 1.0),
        ] {
            assert_eq!(evaluate(expression), Ok(value), "{expression}");
        }
    }

    #[test]
    fn what_is_no_arithmetic_is_refused_with_its_place() {
        for (expression, message) in [
            ("", "the expression ends, expected a number or \"(\""),
            ("2 +", "the expression ends, expected a number or \"(\""),
            ("2 3", "found \"3\" at byte 2, expected an operator or the end"),
            ("(1", "the expression ends, expected an operator or \")\""),
            ("rm -rf", "found \"r\" at byte 0, expected a number or \"(\""),
            ("2 × 3", "found \"×\" at byte 2, expected an operator or the end"),
            ("1.2.3", "found \"1\" at byte 0, expected a number or \"(\""),
            ("1 / (2 - 2)", "divisor is 0, expected another number"),
        ] {
            let error = evaluate(expression).unwrap_err();
            assert_eq!(error.to_string(), message, "{expression}");
        }
    }

    #[test]
    fn depth_length_and_size_are_bounded() {
        let deep = |depth| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(evaluate(&deep(31)), Ok(1.0));
        assert_eq!(evaluate(&deep(400)), Err(CalculatorError::TooDeep));
        assert_eq!(evaluate(&"-".repeat(900)), Err(CalculatorError::TooDeep));
        assert_eq!(evaluate(&"1+".repeat(501)), Err(CalculatorError::TooLong(1_002)));
        let large = format!("1{} * 1{}", "0".repeat(300), "0".repeat(300));
        assert_eq!(evaluate(&large), Err(CalculatorError::Overflow));
    }
}
