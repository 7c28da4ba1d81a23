//! This machine's clock as a program sees it: it can be wrong, and step while the program runs.
//!
//! A small library (`stepping_clock.c`) is loaded before the C library and adds what a file says.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The clock of the programs of one trial.
#[derive(Clone)]
pub struct Clock {
    file: PathBuf,
}

impl Clock {
    /// A clock that is right, kept in this folder.
    pub fn right(folder: &Path) -> Clock {
        let clock = Clock {
            file: folder.join("clock"),
        };
        std::fs::write(&clock.file, 0_i64.to_ne_bytes()).unwrap();
        clock
    }

    /// From now on it is ahead by so many seconds.
    pub fn set_ahead(&self, seconds: i64) {
        use std::os::unix::fs::FileExt;
        // In place: running programs have the file mapped.
        let file = std::fs::File::options().write(true).open(&self.file).unwrap();
        file.write_all_at(&seconds.to_ne_bytes(), 0).unwrap();
    }

    /// Makes a program go by this clock.
    pub fn rule<'a>(&self, program: &'a mut Command) -> &'a mut Command {
        program
            .env("LD_PRELOAD", library())
            .env("OKP_CLOCK_AHEAD", &self.file)
    }
}

/// The library, compiled once.
fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let name = format!("stepping-clock-{}.so", std::process::id());
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/campaign/stepping_clock.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library);
        assert!(compiler.arg(source).status().expect("a C compiler").success());
        library
    })
}
