//! An unsafe function stays unsafe to call, and its body stays as it was.
use exo_trace::traced;

#[traced]
unsafe fn read(pointer: *const u8) -> u8 {
    // SAFETY: the caller gives a pointer to a live byte.
    unsafe { *pointer }
}

#[traced]
unsafe fn read_fallible(pointer: *const u8) -> Result<u8, String> {
    // SAFETY: as above.
    let value = unsafe { *pointer };
    if value == 0 { Err("zero".into()) } else { Ok(value) }
}

#[traced]
async unsafe fn read_async(pointer: *const u8) -> u8 {
    // SAFETY: as above.
    unsafe { *pointer }
}

fn main() {
    let value = 3;
    // SAFETY: `value` lives to the end of `main`.
    assert_eq!(unsafe { read(&raw const value) }, 3);
    assert_eq!(unsafe { read_fallible(&raw const value) }, Ok(3));
    drop(unsafe { read_async(&raw const value) });
}
