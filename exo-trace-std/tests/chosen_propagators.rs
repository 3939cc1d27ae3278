//! The set of formats that a process chose is the whole of what was chosen, and asked for later.

use exo_trace_std::propagation::{Decoding, Propagators};

#[test]
fn what_is_chosen_is_what_is_used_the_reading_of_baggage_with_it() {
    assert_eq!(Propagators::chosen(), Propagators::default());
    let form = Propagators::default().decoding(Decoding::Form);
    for chosen in [Propagators::NONE, Propagators::B3_MULTI, form, Propagators::default()] {
        chosen.choose();
        assert_eq!(Propagators::chosen(), chosen);
    }
}

#[test]
fn a_set_made_of_two_reads_baggage_as_the_one_that_has_it() {
    let form = Propagators::BAGGAGE.decoding(Decoding::Form);
    assert_eq!(Propagators::TRACE_CONTEXT.with(form), form.with(Propagators::TRACE_CONTEXT));
}
