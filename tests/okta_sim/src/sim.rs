//! Starts and stops the simulation: the builder, and the running simulation, which stops when it is dropped.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Deref;
use std::time::Duration;

use tokio::runtime::{Builder as RuntimeBuilder, Runtime};

use crate::api::Bucket;
use crate::fault::Fault;
use crate::fault_plan::FaultPlan;
use crate::oauth::{GeneratedKey, OAuthApp, OAuthServer};
use crate::org::{Org, Settings};
use crate::population::OrgSpec;
use crate::server::{self, Host, tls};
use crate::world::World;

/// A running simulated org, on threads of its own; dropping it stops it.
///
/// It derefs to [`Org`], which has the true users, changes, faults and the request log.
pub struct OktaSim {
    org: Org,
    ca_pem: Option<String>,
    runtime: Option<Runtime>,
}

impl OktaSim {
    /// The settings of a new org, each with a default.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The certificate authority that a client must trust, in PEM; `None` without TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// A handle that can be cloned and given to other threads.
    pub fn org(&self) -> &Org {
        &self.org
    }
}

impl Deref for OktaSim {
    type Target = Org;

    fn deref(&self) -> &Org {
        &self.org
    }
}

impl Drop for OktaSim {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // In the background, so that it can be dropped inside another runtime too.
            runtime.shutdown_background();
        }
    }
}

/// The settings of a simulated org. `start` starts it.
#[derive(Clone, Debug)]
pub struct Builder {
    spec: OrgSpec,
    faults: Vec<Fault>,
    fault_period: u32,
    fault_repeats: u32,
    limits: HashMap<Bucket, u32>,
    window: Duration,
    search_lag: Duration,
    tls: bool,
    self_signed: Option<bool>,
    port: u16,
    settings: Settings,
    web_app: OAuthApp,
    service_app: OAuthApp,
}

impl Default for Builder {
    fn default() -> Builder {
        Builder {
            spec: OrgSpec::default(),
            faults: Vec::new(),
            fault_period: 7,
            fault_repeats: 1,
            limits: HashMap::new(),
            window: Duration::from_secs(60),
            search_lag: Duration::ZERO,
            tls: false,
            self_signed: None,
            port: 0,
            settings: Settings {
                latency: Duration::ZERO,
                jitter: Duration::ZERO,
                stall: Duration::from_secs(30),
                slow_body: Duration::from_millis(500),
                concurrency_limit: None,
                clock_ahead: 0,
                honours_fields: true,
                alternate_url: None,
                base_url: String::new(),
                attacker_url: String::new(),
            },
            web_app: OAuthApp::web(&[]),
            service_app: OAuthApp::service(Vec::new()),
        }
    }
}

impl Builder {
    /// Sets the whole recipe of the org.
    pub fn spec(mut self, spec: OrgSpec) -> Builder {
        self.spec = spec;
        self
    }

    /// How many users the org begins with; 1,000 if not set.
    pub fn users(mut self, users: u32) -> Builder {
        self.spec.users = users;
        self
    }

    /// The seed; 1 if not set.
    pub fn seed(mut self, seed: u64) -> Builder {
        self.spec.seed = seed;
        self
    }

    /// How many groups there are, `Everyone` included; 20 if not set.
    pub fn groups(mut self, groups: u32) -> Builder {
        self.spec.groups = groups;
        self
    }

    /// Whether one user in 2,000 has the status `FUTURE_STATUS`; yes if not set.
    pub fn unknown_status(mut self, unknown_status: bool) -> Builder {
        self.spec.unknown_status = unknown_status;
        self
    }

    /// How long every answer takes.
    pub fn latency(mut self, latency: Duration) -> Builder {
        self.settings.latency = latency;
        self
    }

    /// The most time that an answer may take in addition; drawn from the seed.
    pub fn latency_jitter(mut self, jitter: Duration) -> Builder {
        self.settings.jitter = jitter;
        self
    }

    /// Adds a fault.
    pub fn fault(mut self, fault: Fault) -> Builder {
        self.faults.push(fault);
        self
    }

    /// Adds faults.
    pub fn faults(mut self, faults: &[Fault]) -> Builder {
        self.faults.extend_from_slice(faults);
        self
    }

    /// Periodic faults affect every `every`-th request that they can affect; 7 if not set.
    pub fn fault_period(mut self, every: u32) -> Builder {
        self.fault_period = every;
        self
    }

    /// How often in a row a periodic fault affects the same request; once if not set.
    pub fn fault_repeats(mut self, repeats: u32) -> Builder {
        self.fault_repeats = repeats;
        self
    }

    /// How long the fault `stalled-body` stalls; 30 seconds if not set.
    pub fn stall(mut self, stall: Duration) -> Builder {
        self.settings.stall = stall;
        self
    }

    /// How long a body takes under the fault `slow-body`; half a second if not set.
    pub fn slow_body(mut self, time: Duration) -> Builder {
        self.settings.slow_body = time;
        self
    }

    /// The limit of a bucket for each window; practically unlimited if not set.
    pub fn rate_limit(mut self, bucket: Bucket, limit: u32) -> Builder {
        self.limits.insert(bucket, limit);
        self
    }

    /// The limits of a Workforce org on all buckets.
    pub fn workforce_limits(mut self) -> Builder {
        let limits = Bucket::ALL
            .iter()
            .map(|&bucket| (bucket, bucket.workforce_limit()));
        self.limits.extend(limits);
        self
    }

    /// How long a rate limit window is, in whole seconds; 60 if not set.
    pub fn window(mut self, window: Duration) -> Builder {
        self.window = window;
        self
    }

    /// How many requests may be in flight at once before the org answers 429; no limit if not set.
    pub fn concurrency_limit(mut self, most: usize) -> Builder {
        self.settings.concurrency_limit = Some(most);
        self
    }

    /// How long searches lag behind changes; no lag if not set.
    pub fn search_lag(mut self, lag: Duration) -> Builder {
        self.search_lag = lag;
        self
    }

    /// How far the org's clock is ahead of this machine's, in seconds; negative if it is behind.
    pub fn clock_ahead(mut self, seconds: i64) -> Builder {
        self.settings.clock_ahead = seconds;
        self
    }

    /// Whether the org honours the `fields` parameter; yes if not set.
    pub fn honours_fields(mut self, honours_fields: bool) -> Builder {
        self.settings.honours_fields = honours_fields;
        self
    }

    /// The custom domain in the well-known document; none if not set.
    pub fn alternate_url(mut self, url: &str) -> Builder {
        self.settings.alternate_url = Some(url.to_owned());
        self
    }

    /// Whether the org is served over TLS; no if not set.
    pub fn tls(mut self, tls: bool) -> Builder {
        self.tls = tls;
        self
    }

    /// Serves over TLS with a self-signed certificate, which may sign others if `as_authority`.
    pub fn self_signed(mut self, as_authority: bool) -> Builder {
        self.tls = true;
        self.self_signed = Some(as_authority);
        self
    }

    /// The port on 127.0.0.1; a free one if not set.
    pub fn port(mut self, port: u16) -> Builder {
        self.port = port;
        self
    }

    /// The web app that is registered; if not set, one without a redirect URI.
    pub fn web_app(mut self, app: OAuthApp) -> Builder {
        self.web_app = app;
        self
    }

    /// The registered service app. An app without a public key, which is the default, gets a new one for this run,
    /// see [`Org::service_private_key`].
    pub fn service_app(mut self, app: OAuthApp) -> Builder {
        self.service_app = app;
        self
    }

    /// Starts serving.
    pub fn start(self) -> io::Result<OktaSim> {
        let identity = match (self.tls, self.self_signed) {
            (false, _) => None,
            (true, None) => Some(tls::identity()?),
            (true, Some(as_authority)) => Some(tls::self_signed(as_authority)?),
        };
        let scheme = if self.tls { "https" } else { "http" };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))?;
        let attacker = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let mut settings = self.settings;
        settings.base_url = format!("{scheme}://127.0.0.1:{}", listener.local_addr()?.port());
        // Another host name, so that a client that compares only host names notices the difference.
        settings.attacker_url = format!("{scheme}://localhost:{}", attacker.local_addr()?.port());
        let mut world = World::new(self.spec, settings.base_url.clone(), self.search_lag);
        world.clock_ahead = settings.clock_ahead;
        let faults = FaultPlan::new(&self.faults, self.fault_period, self.fault_repeats);
        let generated = GeneratedKey::new()?;
        let mut service = self.service_app;
        if service.public_keys.is_empty() {
            service.public_keys.push(generated.public.clone());
        }
        let oauth = OAuthServer::new(world.spec.seed, self.web_app, service, generated);
        let org = Org::new(settings, world, oauth, faults, self.limits, self.window);
        let runtime = RuntimeBuilder::new_multi_thread()
            .worker_threads(2)
            .thread_name("okta-sim")
            .enable_all()
            .build()?;
        let acceptor = identity.as_ref().map(|identity| identity.acceptor.clone());
        let guard = runtime.enter();
        for (listener, host) in [(listener, Host::Org), (attacker, Host::Attacker)] {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            runtime.spawn(server::accept(listener, acceptor.clone(), org.clone(), host));
        }
        drop(guard);
        let ca_pem = identity.map(|identity| identity.ca_pem);
        Ok(OktaSim {
            org,
            ca_pem,
            runtime: Some(runtime),
        })
    }
}
