//! One line of source makes one name: its constant, its documentation, and its row for the tests.
//!
//! What a convention says of a name (type, stability, what to write instead) stands once, beside
//! the name. The documentation is made from it, and so is the row that `laws` compares with the
//! lists of the sources. Instead of a deprecated name stands another constant, so that the compiler
//! knows it exists.

/// What is said of a name, as the lists of the sources say it.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) key: &'static str,
    pub(super) kind: &'static str,
    pub(super) stability: &'static str,
    /// Empty for a current name, `-` for one that nothing replaces.
    pub(super) instead: &'static str,
    /// The constant, as it is spelt.
    pub(super) constant: &'static str,
}

/// Makes the constants of a room from lines such as
/// `CODE_FUNCTION = "code.function": "string", "development" => CODE_FUNCTION_NAME;`.
///
/// `=> _` marks a name that nothing replaces.
macro_rules! keys {
    ($(
        $(#[$meta:meta])+
        $constant:ident = $key:literal: $kind:literal, $stability:literal $(=> $instead:tt)?;
    )+) => {
        $(
            $(#[$meta])+
            ///
            #[doc = concat!("`", $key, "`, type `", $kind, "`, stability `", $stability, "`.")]
            $(#[doc = $crate::semconv::convention::instead_in_words!($instead)])?
            pub const $constant: $crate::Key = $crate::Key::new($key);
        )+

        #[cfg(test)]
        pub(super) const ROWS: &[$crate::semconv::convention::Row] = &[$(
            $crate::semconv::convention::Row {
                key: $key,
                kind: $kind,
                stability: $stability,
                instead: $crate::semconv::convention::instead!($($instead)?),
                constant: stringify!($constant),
            },
        )+];
    };
}

/// Says what to write instead of a deprecated name.
macro_rules! instead_in_words {
    (_) => {
        "Deprecated, and nothing replaces it."
    };
    ($constant:ident) => {
        concat!(
            "Deprecated: [`",
            stringify!($constant),
            "`](crate::semconv::",
            stringify!($constant),
            ") replaces it."
        )
    };
}

/// Gives the same as the lists of the sources have it.
#[cfg(test)]
macro_rules! instead {
    () => {
        ""
    };
    (_) => {
        "-"
    };
    ($constant:ident) => {
        $crate::semconv::$constant.as_str()
    };
}

/// Makes constants of texts that are no attribute's key.
macro_rules! texts {
    ($($(#[$meta:meta])+ $constant:ident = $text:literal;)+) => {
        $(
            $(#[$meta])+
            ///
            #[doc = concat!("`", $text, "`.")]
            pub const $constant: &str = $text;
        )+

        #[cfg(test)]
        pub(super) const TEXTS: &[(&str, &str)] = &[$((stringify!($constant), $constant),)+];
    };
}

/// The known values of one attribute, as the lists of the sources say them.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(super) struct Values {
    pub(super) key: &'static str,
    /// Each constant as it is spelt, and its text.
    pub(super) values: &'static [(&'static str, &'static str)],
}

/// Makes one module of texts for each attribute whose values are known.
macro_rules! values {
    ($(
        $(#[$meta:meta])+
        $module:ident of $($key:ident)::+ { $($constant:ident = $text:literal,)+ }
    )+) => {
        $(
            $(#[$meta])+
            ///
            #[doc = concat!(
                "Known values of [`semconv", $("::", stringify!($key),)+
                "`](crate::semconv", $("::", stringify!($key),)+ ").",
            )]
            pub mod $module {
                $(
                    #[doc = concat!("`", $text, "`.")]
                    pub const $constant: &str = $text;
                )+
            }
        )+

        #[cfg(test)]
        pub(super) const VALUES: &[$crate::semconv::convention::Values] = &[$(
            $crate::semconv::convention::Values {
                key: $crate::semconv::$($key)::+.as_str(),
                values: &[$((stringify!($constant), $module::$constant),)+],
            },
        )+];
    };
}

#[cfg(test)]
pub(super) use instead;
pub(super) use {instead_in_words, keys, texts, values};
