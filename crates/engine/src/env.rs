//! What the engine meets of the outer world: the machine's clock, randomness, planned faults.

use crate::billing::BillingSystem;
use crate::links::LinkKey;
use crate::payments::PaymentProvider;
use crate::risk::RiskService;
use abono_domain::ids::CommandId;
use abono_domain::moment::to_micros;
use jiff::Timestamp;
use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::{Builder, Uuid};

type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;
type Stopwatch = Box<dyn Fn() -> Duration + Send + Sync>;
type Random = Box<dyn Fn(&mut [u8]) + Send + Sync>;
type Hook = Box<dyn Fn(&'static str) -> Fault + Send + Sync>;

/// What happens at a named point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    Go,
    /// The process is killed here: nobody goes on from this point.
    Kill,
    /// What was just answered is lost on the way.
    Lose,
}

/// The outer world.
pub struct Env {
    clock: Clock,
    /// `None` where the clock is one that nobody sets, as in tests and in the simulator.
    stopwatch: Option<Stopwatch>,
    random: Random,
    last: AtomicI64,
    armed: AtomicBool,
    hook: Mutex<Option<Hook>>,
    risk_service: Option<RiskService>,
    billing_system: Option<BillingSystem>,
    link_key: Option<LinkKey>,
    payment_providers: Vec<Arc<dyn PaymentProvider>>,
}

impl Env {
    /// The real one.
    pub fn real() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is where the machine's clock is read")]
        let clock = Timestamp::now;
        #[expect(clippy::disallowed_methods, reason = "this is where randomness comes from")]
        let random = |bytes: &mut [u8]| {
            // Without randomness no id and no secret can be made: going on would be worse.
            getrandom::fill(bytes).unwrap_or_else(|error| panic!("no randomness: {error}"));
        };
        #[expect(clippy::disallowed_methods, reason = "this is where the stopwatch is started")]
        let started = Instant::now();
        let stopwatch: Stopwatch = Box::new(move || started.elapsed());
        Self { stopwatch: Some(stopwatch), ..Self::new(Box::new(clock), Box::new(random)) }
    }

    /// One made of parts, for tests and the simulator.
    pub fn new(clock: Clock, random: Random) -> Self {
        Self {
            clock,
            stopwatch: None,
            random,
            last: AtomicI64::new(i64::MIN),
            armed: AtomicBool::new(false),
            hook: Mutex::new(None),
            risk_service: None,
            billing_system: None,
            link_key: None,
            payment_providers: Vec::new(),
        }
    }

    /// One whose randomness is the same in every run of a seed (SplitMix64): ids and secrets can
    /// be foretold, so it is for stories and tests alone.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        let state = AtomicU64::new(seed);
        let random = move |bytes: &mut [u8]| {
            for chunk in bytes.chunks_mut(8) {
                let mut z = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                let word = (z ^ (z >> 31)).to_le_bytes();
                for (byte, random) in chunk.iter_mut().zip(word) {
                    *byte = random;
                }
            }
        };
        Self::new(clock, Box::new(random))
    }

    /// The same with an outside service that is asked about the risk of changes.
    #[must_use]
    pub fn with_risk_service(self, service: RiskService) -> Self {
        Self { risk_service: Some(service), ..self }
    }

    /// The outside service that is asked about the risk of changes, where there is one.
    pub(crate) const fn risk_service(&self) -> Option<&RiskService> {
        self.risk_service.as_ref()
    }

    /// The same with a billing system behind, that is told what was added and terminated.
    #[must_use]
    pub fn with_billing_system(self, system: BillingSystem) -> Self {
        Self { billing_system: Some(system), ..self }
    }

    /// The billing system behind, where there is one.
    pub const fn billing_system(&self) -> Option<&BillingSystem> {
        self.billing_system.as_ref()
    }

    /// The same with a secret of 256 random bits that pay links are made with.
    #[must_use]
    pub fn with_link_key(self, key: [u8; 32]) -> Self {
        Self { link_key: Some(LinkKey::new(key)), ..self }
    }

    /// What pay links are made with, where there is something.
    pub(crate) const fn link_key(&self) -> Option<&LinkKey> {
        self.link_key.as_ref()
    }

    /// The same with one more payment provider. Buyers pay at the first one; each is heard.
    #[must_use]
    pub fn with_payment_provider(mut self, provider: Arc<dyn PaymentProvider>) -> Self {
        self.payment_providers.push(provider);
        self
    }

    /// The payment provider of a name.
    pub fn payment_provider(&self, name: &str) -> Option<&Arc<dyn PaymentProvider>> {
        self.payment_providers.iter().find(|provider| provider.name() == name)
    }

    /// The payment provider at which buyers pay.
    pub fn first_payment_provider(&self) -> Option<&Arc<dyn PaymentProvider>> {
        self.payment_providers.first()
    }

    /// Machine time; it never goes back within a process.
    pub fn machine(&self) -> Timestamp {
        let now = to_micros((self.clock)());
        let micros = now.as_microsecond();
        let last = self.last.fetch_max(micros, Ordering::Relaxed).max(micros);
        Timestamp::from_microsecond(last).unwrap_or(now)
    }

    /// The time since some moment of this process. It goes on evenly, also while the machine's
    /// clock is set: ages, rates and durations are measured with it.
    pub fn elapsed(&self) -> Duration {
        match &self.stopwatch {
            Some(stopwatch) => stopwatch(),
            None => {
                let micros = self.machine().as_microsecond();
                Duration::from_micros(u64::try_from(micros).unwrap_or(0))
            }
        }
    }

    /// The identity of a new execution (UUID v7).
    pub fn command_id(&self) -> CommandId {
        let mut random = [0; 10];
        (self.random)(&mut random);
        let millis = u64::try_from(self.machine().as_millisecond()).unwrap_or(0);
        CommandId(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// A new identity that follows from no command.
    pub fn uuid(&self) -> Uuid {
        self.command_id().0
    }

    /// 256 random bits.
    pub fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        (self.random)(&mut secret);
        secret
    }

    /// Plans what happens at named points.
    pub fn plan_faults(&self, hook: Hook) {
        *self.hook.lock().unwrap_or_else(PoisonError::into_inner) = Some(hook);
        self.armed.store(true, Ordering::Relaxed);
    }

    /// A named point where the process may be killed, or an answer lost (then it says `true`).
    /// Outside simulation it costs one relaxed read.
    pub async fn fault(&self, point: &'static str) -> bool {
        if !self.armed.load(Ordering::Relaxed) {
            return false;
        }
        let fault = {
            let hook = self.hook.lock().unwrap_or_else(PoisonError::into_inner);
            hook.as_ref().map_or(Fault::Go, |hook| hook(point))
        };
        match fault {
            Fault::Go => false,
            Fault::Lose => true,
            Fault::Kill => pending().await,
        }
    }
}
