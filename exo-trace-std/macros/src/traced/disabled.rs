//! Without the feature `enabled` a traced function is the function that was written.

use proc_macro2::TokenStream;

/// Returns the function untouched; its `#[traced]` was checked before.
pub(crate) fn choose(written: TokenStream, _rewrite: impl FnOnce() -> TokenStream) -> TokenStream {
    written
}
