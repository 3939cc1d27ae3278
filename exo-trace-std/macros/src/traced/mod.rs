//! `#[traced]`: what it was told is checked against the function, then the function is rewritten, or left alone.

mod body;
mod caller;
mod finish;
mod parameters;
mod returns;
mod rewrite;
mod shape;

#[cfg(not(feature = "enabled"))]
mod disabled;
#[cfg(feature = "enabled")]
mod enabled;

#[cfg(not(feature = "enabled"))]
use disabled::choose;
#[cfg(feature = "enabled")]
use enabled::choose;

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::Args;
use crate::function::Function;
use crate::refusals::Refusals;
use crate::role::Role;
use shape::Shape;

/// A function with the arguments of its `#[traced]`, and what follows from both.
pub(crate) struct Traced {
    pub(crate) args: Args,
    pub(crate) function: Function,
    /// The parameters that the span records.
    pub(crate) recorded: Vec<syn::Ident>,
    pub(crate) shape: Shape,
}

/// Expands `#[traced(args)] item`.
///
/// A refused one is handed back as it stood, beside the errors, so that its callers still find it.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    match read(args, item.clone()) {
        Ok(traced) => choose(item, || rewrite::rewrite(&traced)),
        Err(error) => {
            let errors = error.into_compile_error();
            quote!(#errors #item)
        }
    }
}

fn read(args: TokenStream, item: TokenStream) -> syn::Result<Traced> {
    let mut refusals = Refusals::default();
    let args = refusals.keep(syn::parse2::<Args>(args));
    let function = refusals.keep(syn::parse2::<Function>(item));
    let (Some(mut args), Some(function)) = (args, function) else {
        return Err(refusals.into_result().err().unwrap_or_else(unread));
    };
    if let Some(role) = &args.role {
        refusals.keep(role.describe(&function.name(), &mut args.attributes));
    }
    let measured = args.role.as_ref().filter(|role| role.is_measured()).map(Role::word);
    let below = args.parent.as_ref().map(|_| String::from("parent"));
    refusals.keep(args.pace.check_beside(measured.or(below).as_deref()));
    let shape = Shape::of(&args, &function);
    refusals.keep(shape.check(&args, &function));
    refusals.keep(caller::check(&args, &function, &shape));
    let recorded = refusals.keep(parameters::recorded(&args, &function));
    refusals.into_result()?;
    let recorded = recorded.unwrap_or_default();
    Ok(Traced { args, function, recorded, shape })
}

fn unread() -> syn::Error {
    syn::Error::new(proc_macro2::Span::call_site(), "#[traced] could not be read")
}
