//! Hands the linker the layout of the boards' memory, and the program the name of its board.

use std::env;

fn main() {
    println!("cargo:rustc-link-search={}", env!("CARGO_MANIFEST_DIR"));
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rerun-if-changed=memory.x");
    println!("cargo:rustc-check-cfg=cfg(armv6m, armv7m)");
    match env::var("TARGET").as_deref() {
        Ok("thumbv6m-none-eabi") => println!("cargo:rustc-cfg=armv6m"),
        Ok("thumbv7m-none-eabi") => println!("cargo:rustc-cfg=armv7m"),
        target => {
            panic!("no board for {target:?}, expected thumbv6m-none-eabi or thumbv7m-none-eabi")
        }
    }
}
