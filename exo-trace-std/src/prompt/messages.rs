//! A conversation as what is counted of it: pieces, each with the role of its message.
//!
//! A piece is a text, or a number of tokens that no text stands for. Fractions are dropped piece by
//! piece, so where a conversation is cut into pieces decides what its estimate comes to; the rules
//! are the Python package's, so that both say the same of the same messages.

use crate::Transcript;

/// Messages whose tokens can be counted.
///
/// Implemented for [`Message`](crate::Message), for [`serde_json::Value`], for `async-openai`'s
/// request messages (feature `async-openai`), and for slices, arrays and vectors of them.
///
/// ```
/// use exo_trace_std::{Messages, Piece, compute_token_breakdown};
///
/// struct Note(String);
///
/// impl Messages for Note {
///     fn message_count(&self) -> usize {
///         1
///     }
///
///     fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
///         take("user", Piece::Text(&self.0));
///     }
/// }
///
/// assert_eq!(compute_token_breakdown(&Note("hello world".into())).user_tokens, 2);
/// ```
pub trait Messages {
    /// Returns how many messages there are.
    fn message_count(&self) -> usize;

    /// Gives every piece to `take`, with the role of the message it belongs to.
    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>));

    /// Writes the messages down, where contents are captured; else it is not called.
    ///
    /// Unless it is implemented: the texts, those of one role after another as one message.
    fn transcribe(&self, transcript: &mut Transcript) {
        self.for_each_piece(&mut |role, piece| {
            let message = transcript.message_of(role);
            match piece {
                Piece::Text(text) => message.text(text),
                Piece::Tokens(_) => message.image(),
            };
        });
    }
}

/// What is counted at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Piece<'a> {
    /// A text; its tokens are estimated or counted.
    Text(&'a str),
    /// So many tokens, whatever the method: an image.
    Tokens(u64),
}

/// What an image takes: the price of one in low detail.
pub(super) const IMAGE_TOKENS: u64 = 85;

impl<M: Messages> Messages for [M] {
    fn message_count(&self) -> usize {
        self.iter().map(Messages::message_count).sum()
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        self.iter().for_each(|messages| messages.for_each_piece(take));
    }

    fn transcribe(&self, transcript: &mut Transcript) {
        self.iter().for_each(|messages| messages.transcribe(transcript));
    }
}

impl<M: Messages, const N: usize> Messages for [M; N] {
    fn message_count(&self) -> usize {
        self.as_slice().message_count()
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        self.as_slice().for_each_piece(take);
    }

    fn transcribe(&self, transcript: &mut Transcript) {
        self.as_slice().transcribe(transcript);
    }
}

impl<M: Messages> Messages for Vec<M> {
    fn message_count(&self) -> usize {
        self.as_slice().message_count()
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        self.as_slice().for_each_piece(take);
    }

    fn transcribe(&self, transcript: &mut Transcript) {
        self.as_slice().transcribe(transcript);
    }
}

impl<M: Messages + ?Sized> Messages for &M {
    fn message_count(&self) -> usize {
        (**self).message_count()
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        (**self).for_each_piece(take);
    }

    fn transcribe(&self, transcript: &mut Transcript) {
        (**self).transcribe(transcript);
    }
}
