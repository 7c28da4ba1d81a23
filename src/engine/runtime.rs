//! The runtime of one call. It runs on the caller's thread and is gone when the call returns.
//!
//! However the call ends, a running renewal of tokens finishes first, because its answer may be the only copy of a
//! rotated refresh token.

use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::oauth::UnderWay;
use crate::resources;

/// How long the end of a call waits for a name look-up that still runs in the system's resolver. The resolver has
/// its own time-out (resolv.conf: 5 s for each server and try).
const SHUTDOWN_WAIT: Duration = Duration::from_secs(5);

/// A current-thread tokio runtime. Dropping it shuts down everything in it.
pub struct CallRuntime {
    runtime: Option<Runtime>,
    under_way: UnderWay,
}

impl CallRuntime {
    /// Makes a runtime. Fails inside another tokio runtime, because blocking there would panic.
    pub fn new() -> Result<CallRuntime> {
        if Handle::try_current().is_ok() {
            let what = "the engine blocks and must not be called from async code";
            return Err(Error::about(ErrorCode::InvalidArgument, what));
        }
        let runtime = Builder::new_current_thread()
            .enable_all()
            .thread_name("okp-resolver")
            .max_blocking_threads(2)
            .build()
            .map_err(|_| resources::refused("a poll for the network"))?;
        Ok(CallRuntime {
            runtime: Some(runtime),
            under_way: UnderWay::default(),
        })
    }

    /// The renewals of the call, for code that asks for tokens.
    pub fn under_way(&self) -> UnderWay {
        self.under_way.clone()
    }

    /// The runtime.
    pub fn get(&self) -> &Runtime {
        match &self.runtime {
            Some(runtime) => runtime,
            None => unreachable!("taken only on drop"),
        }
    }
}

impl Drop for CallRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.block_on(self.under_way.finish());
            runtime.shutdown_timeout(SHUTDOWN_WAIT);
        }
    }
}
