//! The library's allocator: the system's allocator with two additions.
//!
//! It wipes memory before it frees it. HTTP, TLS and the buffers between them copy a token, and we cannot wipe these
//! buffers ourselves. Without this, copies of the `Authorization` header would stay in the process long after the
//! connection is closed.
//!
//! It serves small allocations from a reserve if the system refuses them. So the call fails and not the process; see
//! [`crate::resources`].
//!
//! Only this library uses it: the JVM and SQLite have allocators of their own.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::resources;

/// Address space rather than memory, because nobody writes to it before it is freed. A page of 200 users with its rows
/// takes an eighth of it.
const RESERVE: usize = 8 << 20;
/// A larger allocation is refused, because its callers can handle that.
const MOST_FROM_RESERVE: usize = 512 << 10;

#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator;

static HELD: AtomicPtr<u8> = AtomicPtr::new(ptr::null_mut());

struct WipingAllocator;

// SAFETY: every block comes from the system's allocator and goes back to it with the layout it was asked for with;
// blocks are written to only between the two.
unsafe impl GlobalAlloc for WipingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's layout, as promised by the caller.
        let block = unsafe { System.alloc(layout) };
        if block.is_null() && may_use_reserve(layout) {
            // SAFETY: as above.
            return unsafe { System.alloc(layout) };
        }
        block
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's layout, as promised by the caller.
        let block = unsafe { System.alloc_zeroed(layout) };
        if block.is_null() && may_use_reserve(layout) {
            // SAFETY: as above.
            return unsafe { System.alloc_zeroed(layout) };
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller gives the block up and nobody else has it; it is of this size.
        unsafe {
            ptr::write_bytes(block, 0, layout.size());
            // Without `black_box` the compiler would see that nobody reads the block again, and leave the wiping out.
            System.dealloc(black_box(block), layout);
        }
    }

    // `realloc` is the trait's own: a new block, a copy, and the old one freed as above. The system's would leave the
    // old one as it is.
}

/// Frees the reserve for a small allocation, which is then tried again. Returns false if the allocation is too large.
fn may_use_reserve(layout: Layout) -> bool {
    if layout.size() > MOST_FROM_RESERVE {
        return false;
    }
    resources::note_shortage();
    let held = HELD.swap(ptr::null_mut(), Ordering::AcqRel);
    if held.is_null() {
        // Another thread may be freeing the reserve at this moment; it is enough for both.
        std::thread::yield_now();
        return true;
    }
    // SAFETY: the block was allocated with this layout and taken out of `HELD` by nobody else.
    unsafe { System.dealloc(held, reserve_layout()) };
    true
}

/// Allocates the reserve if there is none, at the beginning of a call. If that fails the call goes on, because it may
/// need little memory.
pub fn hold_reserve() {
    if !HELD.load(Ordering::Acquire).is_null() {
        return;
    }
    // SAFETY: the layout has a size.
    let fresh = unsafe { System.alloc(reserve_layout()) };
    if fresh.is_null() {
        return;
    }
    let before = HELD.compare_exchange(ptr::null_mut(), fresh, Ordering::AcqRel, Ordering::Acquire);
    if before.is_err() {
        // SAFETY: another call was quicker; nobody else has this block.
        unsafe { System.dealloc(fresh, reserve_layout()) };
    }
    resources::note_relief();
}

const fn reserve_layout() -> Layout {
    match Layout::from_size_align(RESERVE, 16) {
        Ok(layout) => layout,
        Err(_) => panic!("a power of two"),
    }
}
