//! With the feature `enabled` a traced function is the rewritten one.

use proc_macro2::TokenStream;

/// Returns the function with its span.
pub(crate) fn choose(_written: TokenStream, rewrite: impl FnOnce() -> TokenStream) -> TokenStream {
    rewrite()
}
