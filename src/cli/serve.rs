//! `evident serve`: the service, on the database that the configuration names.

use std::path::PathBuf;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::{Config, Flags};
use crate::ids::Ids;
use crate::instance::Instance;
use crate::{server, telemetry};

/// Connections that the system keeps until they are accepted. Most systems allow no more.
const QUEUE: i32 = 4096;

/// Connections for monitoring.
const FOR_METRICS: usize = 16;

/// What `serve` is told.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// A TOML file of settings
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on, such as 127.0.0.1:8080
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

/// Serves until the process is asked to stop.
///
/// # Errors
/// What keeps it from starting, in a sentence that says what to do.
pub async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let config = super::read_config(&Flags { file: args.config, listen: args.listen })?;
    telemetry::start(&config.log, config.log_format)?;
    for unknown in &config.unknown {
        tracing::warn!("{unknown}");
    }
    let listener = bind(&config.listen.to_string(), "--listen").await?;
    let monitored = match config.metrics_listen {
        Some(address) => Some(bind(&address.to_string(), "EVIDENT_METRICS_LISTEN").await?),
        None => None,
    };
    let settings = config.settings(listener.local_addr()?);
    let db = config.database()?.open().await?;
    let instance = Instance::start(db, Clock::System, Ids::random(), settings).await?;
    tracing::info!(
        server.url = %instance.settings.url,
        database.engine = instance.db.engine(),
        "serving at {}",
        instance.settings.url
    );
    if let Some(listener) = monitored {
        tracing::info!("serving metrics at http://{}/metrics", listener.local_addr()?);
        let (router, limits) = (server::metrics::router(&instance), server::Limits::of(FOR_METRICS));
        // Until the program ends: nobody waits for what monitoring asks for last.
        tokio::spawn(server::serve(listener, router, limits, TaskTracker::new(), CancellationToken::new()));
    }
    serve(&instance, listener, &config).await
}

/// Binds an address to listen on, which was chosen by this setting.
///
/// # Errors
/// When it is taken or not ours, with the way out.
pub async fn bind(address: &str, setting: &str) -> anyhow::Result<TcpListener> {
    let refused =
        || format!("can't listen on {address}; stop what uses it, or choose another address with {setting}");
    let listener = TcpListener::bind(address).await.with_context(refused)?;
    // A longer queue for those who come at once: who finds it full believes to be connected, and is answered never.
    rustix::net::listen(&listener, QUEUE).with_context(refused)?;
    Ok(listener)
}

/// Serves an instance until SIGINT or SIGTERM, then lets requests end.
pub(super) async fn serve(instance: &Instance, listener: TcpListener, config: &Config) -> anyhow::Result<()> {
    let tasks = TaskTracker::new();
    let router = server::router(instance, config.trusted_proxies.clone().into(), tasks.clone())?;
    let stop = CancellationToken::new();
    server::jobs::Runner::new(instance.clone())?.start(&tasks, &stop);
    server::make_room(config.connections);
    let limits = server::Limits::of(config.connections);
    let serving = tokio::spawn(server::serve(listener, router, limits, tasks, stop.clone()));
    asked_to_stop().await?;
    tracing::info!("stopping: letting requests end");
    stop.cancel();
    serving.await?;
    instance.db.close().await;
    Ok(())
}

async fn asked_to_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
