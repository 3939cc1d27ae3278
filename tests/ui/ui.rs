//! What the macros accept compiles, and what they refuse is refused in words that help.

#[test]
fn macros_accept_and_refuse_what_they_should() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*.rs");
}
