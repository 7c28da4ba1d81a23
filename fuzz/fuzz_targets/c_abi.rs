//! A sequence of calls through C on one engine with SQLite: any handle, any cursor, any text, any limit.
#![no_main]

use std::ffi::c_char;
use std::sync::OnceLock;

use okta_profiles::ffi::c::*;

const INTERNAL: i32 = 900;

fn engine() -> okp_engine {
    static ENGINE: OnceLock<u64> = OnceLock::new();
    let id = *ENGINE.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("okp-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("fuzz.db");
        let path = path.to_str().expect("UTF-8");
        let mut opened = okp_engine { id: 0 };
        // SAFETY: the text is valid, `opened` is writable and no error is wanted.
        let code = unsafe { okp_engine_open(path.as_ptr().cast::<c_char>(), path.len(), &mut opened, std::ptr::null_mut()) };
        assert_eq!(code, 0);
        opened.id
    });
    okp_engine { id }
}

/// What a piece of the input asks for: a call, two numbers and a text.
struct Call<'a> {
    kind: u8,
    small: i32,
    large: i64,
    text: &'a [u8],
}

fn calls(bytes: &[u8]) -> impl Iterator<Item = Call<'_>> {
    bytes.split(|byte| *byte == 0xFE).filter_map(|piece| {
        let (head, text) = piece.split_first_chunk::<6>()?;
        let small = i32::from(i16::from_le_bytes([head[1], head[2]]));
        let large = i64::from(head[3]) << (head[4] % 63);
        Some(Call { kind: head[0], small, large: if head[5] & 1 == 0 { large } else { large.wrapping_neg() }, text })
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for call in calls(bytes).take(16) {
        let code = make(&call);
        assert_ne!(code, INTERNAL, "call {} is a fault", call.kind % 16);
    }
});

fn make(call: &Call<'_>) -> i32 {
    let handle = if call.kind & 0x80 == 0 { engine() } else { okp_engine { id: call.large.cast_unsigned() } };
    let (text, length) = (call.text.as_ptr().cast::<c_char>(), call.text.len());
    let none = std::ptr::null_mut();
    let mut page = okp_page { id: 0 };
    // SAFETY: texts are valid for their length, `page` is writable, and no error is wanted.
    let code = unsafe {
        match call.kind % 16 {
            0 => okp_engine_find(handle, call.small, text, length, &mut page, none),
            1 => okp_engine_list(handle, call.small, call.large, i32::from(call.kind) * 100, &mut page, none),
            2 => okp_engine_search(handle, call.small, 0, text, length, text, length / 2, call.small, &mut page, none),
            3 => okp_engine_changes(handle, call.large, text, length, call.small, &mut page, none),
            4 => okp_engine_set(handle, text, length / 2, text.add(length / 2), length - length / 2, none),
            5 => okp_engine_pin(handle, text, length / 2, text.add(length / 2), length - length / 2, none),
            6 => okp_engine_unpin(handle, text, length, none),
            7 => {
                let own = okp_text { data: text, length };
                let user = okp_jira_user { key: own, username: own, email: own, display_name: own, active: 1 };
                okp_engine_upsert_jira_users(handle, &user, 1, none)
            }
            8 => okp_engine_erase_user(handle, text, length, &mut 0, none),
            9 => okp_engine_readmit_user(handle, text, length, none),
            10 => okp_engine_groups(handle, text, length / 2, text, length, text, length, call.small, &mut page, none),
            11 => okp_engine_users_where(handle, text, length / 2, text, length, text, 0, call.small, &mut page, none),
            12 => okp_engine_runs(handle, call.large, call.small, &mut page, none),
            13 => okp_engine_preview_matching(handle, text, length, &mut page, none),
            14 => okp_engine_complete_authorization(handle, text, length, &mut page, none),
            _ => okp_engine_rematch(handle, &mut page, none),
        }
    };
    read(page, call.small);
    code
}

/// Reads cells in and beside the page, and frees it twice.
fn read(page: okp_page, column: i32) {
    let (mut rows, mut text, mut length, mut number) = (0, std::ptr::null(), 0, 0);
    let none = std::ptr::null_mut();
    let column = u16::try_from(column & 0x3FF).unwrap_or(0);
    // SAFETY: every out-pointer is writable, and no error is wanted.
    unsafe {
        let _ = okp_page_rows(page, &mut rows, none);
        let _ = okp_page_text(page, rows, column, &mut text, &mut length, none);
        let _ = okp_page_integer(page, rows.saturating_sub(1), column, &mut number, none);
        let _ = okp_page_free(page, none);
        let _ = okp_page_free(page, none);
    }
}
